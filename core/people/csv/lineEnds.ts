/**
 * Checks how the rows of a CSV file end. A carriage return alone ends a row only if it ends all of them. Among rows that end with
 * a line feed, with or without a carriage return before it, it may belong to a value, and cutting the row there would put values
 * into the wrong columns.
 */

import { mixedLineEnds } from './csvErrors';

/** Told each line end of one file in order; refuses the first that does not fit those before it. */
export class LineEnds {
	/** Whether rows end with a line feed, as far as known. */
	private withLineFeed: boolean | undefined;
	/** The line of the last row, while it ends with a carriage return and what follows is not known; otherwise 0. */
	private returnLine = 0;

	/**
	 * A row ends.
	 * @param line on which it ends, from 1
	 * @throws DataverseError `invalidInput` where the rows before end with a carriage return alone
	 */
	end(line: number, withLineFeed: boolean): void {
		if (withLineFeed) this.expect(true, line);
		else this.returnLine = line;
	}

	/**
	 * The next text begins with the line feed of the carriage return that the last one ended with.
	 * @throws DataverseError as `end`
	 */
	lineFeedFollows(): void {
		if (this.returnLine > 0) this.expect(true, this.returnLine);
		this.returnLine = 0;
	}

	/**
	 * The next line begins. One without a character says that a program wrote two ends for one row (`\r\r\n`).
	 * @throws DataverseError `invalidInput` where the last row ends with a carriage return alone, and others with a line feed
	 */
	begin(isEmpty: boolean): void {
		if (this.returnLine > 0 && !isEmpty) this.expect(false, this.returnLine);
		this.returnLine = 0;
	}

	private expect(withLineFeed: boolean, line: number): void {
		this.withLineFeed ??= withLineFeed;
		if (this.withLineFeed !== withLineFeed) throw mixedLineEnds(line);
	}
}
