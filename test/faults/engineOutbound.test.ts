import { describeEngineCells } from './engineCells';

describeEngineCells('outbound');
