import { describeEngineCells } from './engineCells';

describeEngineCells('realTime');
