import { ConfigurationError, type Finding } from '../../src/core/errors';

/** The one finding with which a value is refused; fails where it is accepted or refused otherwise. */
export function refused(action: () => unknown): Finding {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    const { findings } = error as ConfigurationError;
    expect(findings).toHaveLength(1);
    return findings[0] as Finding;
  }
  throw new Error('nothing was refused');
}

/** Whether a value factory accepts its arguments. Whatever it refuses, it refuses with a report. */
export function accepted(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return false;
  }
}
