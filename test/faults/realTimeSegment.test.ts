import { describeCells } from './cells';
import { realTimeSegmentOperations } from './segmentOperations';

describeCells(realTimeSegmentOperations);
