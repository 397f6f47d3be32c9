import { ServiceFault } from '../contracts';

/** A defect of the emulator shows as the service's unexpected error, with the reason for its developers. */
export function asFault(error: unknown): ServiceFault {
	if (error instanceof ServiceFault) return error;
	const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
	return new ServiceFault(500, '0x80040216', `An unexpected error occurred in the emulator: ${reason}`);
}
