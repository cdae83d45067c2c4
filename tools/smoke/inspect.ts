/** A browser's program: it is checked without the types of Node.js or of the DOM, and so needs neither. */
import { type Inspection, inspect } from '@tokenwright/jwt/inspect';

const seen: Inspection = inspect('eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.AA');
if (seen.subject !== 'admin' || seen.verified) throw new Error('the token was not read');
