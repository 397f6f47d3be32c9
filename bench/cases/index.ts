/** All cases, in the order they are run. A further one is a file here and a line in this list. */

import { addCases } from './add';
import type { Case } from './case';
import { csvCases } from './csv';
import { growthCase } from './growth';
import { limitsCase } from './limits';
import { oneByOneCases } from './oneByOne';
import { packageCases } from './package';
import { peopleCases } from './people';
import { pollCases } from './poll';
import { queryCases } from './query';
import { rowsCase } from './rows';

export const CASES: readonly Case[] = [
	...packageCases,
	...queryCases,
	...addCases,
	...oneByOneCases,
	...csvCases,
	rowsCase,
	...peopleCases,
	...pollCases,
	growthCase,
	limitsCase,
];
