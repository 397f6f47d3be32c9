import { describeSchedules } from './describeSchedules';

describeSchedules(0, 1000);
