import { describeSchedules, SCHEDULES } from './describeSchedules';

describeSchedules(0, SCHEDULES);
