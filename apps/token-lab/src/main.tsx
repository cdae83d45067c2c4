/** Starts the token lab. */
import { render } from 'preact';
import { App } from './components/app.tsx';
import { loadSettings } from './settings.ts';
import './styles/theme.css';
import './styles/layout.css';
import './styles/token.css';
import './styles/answer.css';

const place = document.getElementById('lab');
if (place !== null) {
  try {
    const settings = await loadSettings();
    document.title = `Token lab · ${settings.name}`;
    render(<App settings={settings} />, place);
  } catch {
    render(
      <p class="lost">The server did not answer. Is it still running? Then load this page again.</p>,
      place,
    );
  }
}
