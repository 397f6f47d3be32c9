import { describeCells } from './cells';
import { outboundSegmentOperations } from './segmentOperations';

describeCells(outboundSegmentOperations);
