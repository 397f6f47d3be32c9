import { describeCells } from './cells';
import { realTimeMembersOperations } from './membersOperations';

describeCells(realTimeMembersOperations);
