import { describeSchedules } from './describeSchedules';

describeSchedules(1000, 2000);
