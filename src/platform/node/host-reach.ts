/** Where a host is, by its name alone: what a name stands for in the DNS is not asked. */
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** This machine, a network that is not everybody's, or neither. */
export type Reach = 'machine' | 'network' | 'world';

/** Apart, because a list of IPv6 addresses that has those mapped from IPv4 has all of IPv4. */
interface Subnets {
  readonly ipv4: BlockList;
  readonly ipv6: BlockList;
}

const MACHINE = subnets(['127.0.0.0/8', '0.0.0.0/8'], ['::/127']);
/** RFC 1918, 3927, 6598 and 4193; an IPv4 address within one of IPv6 (mapped, RFC 6052, 6to4) is no host's own. */
const NETWORK = subnets(
  ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10'],
  ['fc00::/7', 'fe80::/10', 'fec0::/10', '::/96', '::ffff:0:0/96', '64:ff9b::/96', '2002::/16'],
);

/** @param hostname as `URL` has it, which writes each number in one way */
export function reachOf(hostname: string): Reach {
  const name = hostname.replace(/\.+$/, '').replace(/^\[(.*)\]$/, '$1');
  if (/(?:^|\.)localhost$/.test(name)) return 'machine';
  const family = isIPv4(name) ? 'ipv4' : isIPv6(name) ? 'ipv6' : null;
  if (family === null) return 'world';
  if (MACHINE[family].check(name, family)) return 'machine';
  return NETWORK[family].check(name, family) ? 'network' : 'world';
}

function subnets(ipv4: readonly string[], ipv6: readonly string[]): Subnets {
  return { ipv4: listOf(ipv4, 'ipv4'), ipv6: listOf(ipv6, 'ipv6') };
}

function listOf(all: readonly string[], family: keyof Subnets): BlockList {
  const list = new BlockList();
  for (const subnet of all) {
    const [address = '', bits] = subnet.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
