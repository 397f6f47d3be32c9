/** `npx tsx scripts/printPermissions.ts > docs/PERMISSIONS.md`: the least rights for each feature. */

import { printPermissions } from './permissionsDocument';

process.stdout.write(printPermissions());
