/** The default theme, with diagrams that follow its light and dark. */
import DefaultTheme from 'vitepress/theme';
import './diagrams.css';

export default DefaultTheme;
