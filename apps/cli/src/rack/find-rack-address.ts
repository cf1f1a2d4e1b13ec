import type { Environment } from '../environment.js';
import { parseRackAddress, type RackAddress } from './rack-address.js';
import { RackSettings, readTextIfThere } from './rack-settings.js';

/** Finds the name of the rack that is meant: `--rack`, `CONVOX_RACK`, `.convox/rack`, the settings. */
export function findRackName(option: string | undefined, environment: Environment): string | undefined {
  return (
    option ??
    environment.rackName ??
    readTextIfThere('.convox/rack') ??
    new RackSettings(environment.settingsFolder).findChosenName()
  );
}

/**
 * Finds the rack that is meant: `--rack`, else `RACK_URL`, else a name (`CONVOX_RACK`, `.convox/rack`, the settings `rack` and
 * `current`). A name is looked up among the files `racks/<name>` of the settings folder, exactly or by a part of it.
 *
 * Convox lets `RACK_URL` win over `--rack`, too, and so does to one rack what was said of another one.
 *
 * @throws {Error} when none is meant, none or several fit, or the address is no URL
 */
export function findRackAddress(option: string | undefined, environment: Environment): RackAddress {
  // An option without a value, as in `--rack "$RACK"`, says nothing, as with Convox.
  const isNamed = option !== undefined && option !== '';
  if (!isNamed && environment.rackUrl !== undefined) return parseRackAddress(environment.rackUrl, 'RACK_URL');
  const wanted = findRackName(option, environment);
  if (wanted === undefined) {
    throw new Error(
      'no current rack, use `convox login`, `convox switch` or RACK_URL=http://convox:PASSWORD@host:port',
    );
  }
  const settings = new RackSettings(environment.settingsFolder);
  return settings.readAddress(settings.selectName(wanted));
}
