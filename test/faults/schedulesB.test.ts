import { describeSchedules, SCHEDULES } from './describeSchedules';

describeSchedules(1000, 1000 + SCHEDULES);
