import { runPart } from '../support/together';

runPart(__filename);
