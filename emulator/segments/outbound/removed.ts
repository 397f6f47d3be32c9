import { ServiceFault, type ActionHandler, type ServiceContext } from '../../contracts';

/** Whether the switch `outboundRemoved` says that Microsoft has switched the outbound service off. */
export function isRemoved(context: ServiceContext): boolean {
	return context.assumption('outboundRemoved') !== 'no';
}

/**
 * An action of the outbound service, which answers as `outboundRemoved` says once the service is gone.
 *
 * @param name of the action, as the 404 names it
 */
export function unlessRemoved(name: string, handler: ActionHandler): ActionHandler {
	return (parameters, context) => {
		const removed = context.assumption('outboundRemoved');
		switch (removed) {
			case 'no':
				return handler(parameters, context);
			case '404':
				throw new ServiceFault(404, '0x80060888', `Resource not found for the segment '${name}'.`);
			case '400':
				throw new ServiceFault(
					400,
					'0x80040265',
					'Outbound marketing has been removed from this environment.',
				);
			case '500':
				throw new ServiceFault(500, '0x80040216', 'An unexpected error occurred.');
			case 'emptySuccess':
				return { kind: 'none' };
			default:
				throw new Error(`The switch outboundRemoved has no value '${removed}'.`);
		}
	};
}
