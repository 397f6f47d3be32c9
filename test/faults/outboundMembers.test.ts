import { describeCells } from './cells';
import { outboundMembersOperations } from './membersOperations';

describeCells(outboundMembersOperations);
