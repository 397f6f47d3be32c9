/** `npx tsx scripts/printErrors.ts > docs/ERRORS.md`: the error catalogue for people who look a code up. */

import { printCatalogue } from '../core/dataverse/errors/catalogue';
import { ERRORS_INTRODUCTION } from './errorsIntroduction';

process.stdout.write(`${ERRORS_INTRODUCTION}\n${printCatalogue()}`);
