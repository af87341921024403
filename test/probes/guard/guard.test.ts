import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../probes/clock.ts';
import { createConnector, type Lookup } from '../../../probes/connect.ts';
import { startDeadline } from '../../../probes/deadline.ts';
import { adHocGuard, catalogueGuard, type DestinationGuard, parseAllowedTarget } from '../../../probes/guard/guard.ts';
import { systemLookup } from '../../../probes/system-context.ts';

/** A connector that notes where it was about to go; no packet leaves. */
function recorder(guard: DestinationGuard, lookup: Lookup = systemLookup) {
  const opened: string[] = [];
  const connect = createConnector({
    clock: systemClock(),
    lookup,
    guard,
    open: ({ host, port }) => {
      opened.push(`${host} ${port}`);
      const socket = new Socket();
      queueMicrotask(() => socket.emit('connect'));
      return socket;
    },
  });
  return {
    opened,
    async go(hostname: string, redirectedFrom?: string, port = 80): Promise<'connected' | string> {
      const deadline = startDeadline(systemClock(), 1_000, new AbortController().signal);
      try {
        const phases = { resolve: 0, connect: 0, tls: 0 };
        const socket = await connect({ hostname, port, tls: null, redirectedFrom }, { deadline, phases, facts: {} });
        socket.destroy();
        return 'connected';
      } catch (error) {
        return `${(error as { reason: string }).reason}: ${(error as Error).message}`;
      } finally {
        deadline.close();
      }
    },
  };
}

type Decision = 'both' | 'catalogue' | 'none';

/** Who may go there: both guards, the catalogue's alone, or nobody. */
const TABLE: readonly (readonly [address: string, Decision])[] = [
  // public
  ['93.184.215.14', 'both'],
  ['8.8.8.8', 'both'],
  ['100.63.255.255', 'both'],
  ['100.128.0.0', 'both'],
  ['172.15.255.255', 'both'],
  ['172.32.0.0', 'both'],
  ['169.253.255.255', 'both'],
  ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', 'both'],
  ['::ffff:8.8.8.8', 'both'],
  ['64:ff9b::8.8.8.8', 'both'],
  ['2002:808:808::1', 'both'],
  // loopback and private
  ['127.0.0.1', 'catalogue'],
  ['127.255.255.254', 'catalogue'],
  ['::1', 'catalogue'],
  ['10.0.0.1', 'catalogue'],
  ['10.255.255.255', 'catalogue'],
  ['172.16.0.1', 'catalogue'],
  ['172.31.255.255', 'catalogue'],
  ['192.168.1.1', 'catalogue'],
  ['100.64.0.1', 'catalogue'],
  ['100.127.255.255', 'catalogue'],
  ['198.18.0.1', 'catalogue'],
  ['198.19.255.255', 'catalogue'],
  ['192.0.2.1', 'catalogue'],
  ['240.0.0.1', 'catalogue'],
  ['fc00::1', 'catalogue'],
  ['fdff:ffff::1', 'catalogue'],
  ['fec0::1', 'catalogue'],
  ['2001:db8::1', 'catalogue'],
  ['64:ff9b:1::1', 'catalogue'],
  ['::ffff:127.0.0.1', 'catalogue'],
  ['::ffff:7f00:1', 'catalogue'],
  ['0:0:0:0:0:ffff:a00:1', 'catalogue'],
  ['::ffff:0:10.0.0.1', 'catalogue'],
  ['::10.0.0.1', 'catalogue'],
  ['64:ff9b::10.0.0.1', 'catalogue'],
  ['64:ff9b::7f00:1', 'catalogue'],
  ['2002:7f00:1::', 'catalogue'],
  ['2002:c0a8:101::1', 'catalogue'],
  // Teredo: 10.0.0.1 inverted
  ['2001:0:4136:e378:8000:63bf:f5ff:fffe', 'catalogue'],
  ['2606:4700::5efe:10.0.0.1', 'catalogue'],
  // never
  ['169.254.169.254', 'none'],
  ['169.254.170.2', 'none'],
  ['169.254.0.1', 'none'],
  ['169.254.255.255', 'none'],
  ['100.100.100.200', 'none'],
  ['192.0.0.192', 'none'],
  ['168.63.129.16', 'none'],
  ['fd00:ec2::254', 'none'],
  ['fd00:0ec2:0000:0000:0000:0000:0000:0254', 'none'],
  ['fd00:ec2::23', 'none'],
  ['fd20:ce::254', 'none'],
  ['fe80::1', 'none'],
  ['fe80::1%lo', 'none'],
  ['febf::1', 'none'],
  ['0.0.0.0', 'none'],
  ['0.1.2.3', 'none'],
  ['::', 'none'],
  ['224.0.0.1', 'none'],
  ['239.255.255.255', 'none'],
  ['255.255.255.255', 'none'],
  ['ff02::1', 'none'],
  ['::ffff:169.254.169.254', 'none'],
  ['::ffff:a9fe:a9fe', 'none'],
  ['::169.254.169.254', 'none'],
  ['::ffff:0:169.254.169.254', 'none'],
  ['64:ff9b::169.254.169.254', 'none'],
  ['64:ff9b::a9fe:a9fe', 'none'],
  ['2002:a9fe:a9fe::1', 'none'],
  ['2001:0:4136:e378:8000:63bf:5601:5601', 'none'],
  ['2001:db8::5efe:169.254.169.254', 'none'],
];

const publicWeb = [parseAllowedTarget('0.0.0.0/0'), parseAllowedTarget('::/0')];

describe('where a probe may go', () => {
  it.each(TABLE)('%s: %s', async (address, decision) => {
    const named = [parseAllowedTarget('shop.example')];
    const lookup = async () => ({ address, family: address.includes(':') ? 6 : 4 });
    for (const [guard, may] of [
      [catalogueGuard(), decision !== 'none'],
      [adHocGuard(named), decision === 'both'],
      // A list of every address still holds none that is forbidden.
      [adHocGuard([...named, ...publicWeb]), decision !== 'none'],
    ] as const) {
      const { go, opened } = recorder(guard, lookup);
      const answer = await go('shop.example');
      expect([answer === 'connected', opened.length > 0]).toEqual([may, may]);
      if (!may) expect(answer).toMatch(/^denied: not probed: shop\.example has the address /);
      // The address goes where it was checked: as it stands, never as a name again.
      else expect(opened).toEqual([`${address} 80`]);
    }
  });

  it.each([
    ['2852039166', '169.254.169.254'],
    ['0xa9fea9fe', '169.254.169.254'],
    ['0251.0376.0251.0376', '169.254.169.254'],
    ['0xa9.254.0251.254', '169.254.169.254'],
    ['169.254.43518', '169.254.169.254'],
    ['0', '0.0.0.0'],
  ])('%s is seen for what it is, by the resolver and by the URL parser', async (host, meant) => {
    const { go, opened } = recorder(catalogueGuard());
    // tcp: addresses reach the resolver as they were written.
    expect(await go(new URL(`tcp://${host}:80`).hostname)).toMatch(/^(denied|dns): /);
    expect(await go(new URL(`http://${host}`).hostname)).toContain(`has the address ${meant}`);
    expect(opened).toEqual([]);
  });

  it.each(['2130706433', '0x7f.1', '0177.0.0.1', '127.1'])(
    '%s is loopback, which is not for everyone',
    async (host) => {
      const { go, opened } = recorder(adHocGuard([parseAllowedTarget('8.0.0.0/8')]));
      expect(await go(new URL(`http://${host}`).hostname)).toMatch(/^denied/);
      expect(opened).toEqual([]);
    },
  );

  it('a name that changes its mind between the check and the connection changes nothing', async () => {
    const answers = ['8.8.8.8', '169.254.169.254'];
    const lookup = async () => ({ address: answers.shift() ?? '169.254.169.254', family: 4 });
    const { go, opened } = recorder(adHocGuard([parseAllowedTarget('shop.example')]), lookup);
    expect(await go('shop.example')).toBe('connected');
    expect(opened).toEqual(['8.8.8.8 80']);
    expect(await go('shop.example')).toMatch(/^denied/);
    expect(opened).toHaveLength(1);
  });

  it.each([
    ['from a public to another public address', '8.8.8.8', '9.9.9.9', 'connected'],
    ['within a private network', '10.0.0.1', '192.168.0.1', 'connected'],
    ['from a private to a public address', '10.0.0.1', '8.8.8.8', 'connected'],
    ['from a public address into a private network', '8.8.8.8', '10.0.0.1', 'redirect: '],
    ['from a public address to loopback', '8.8.8.8', '127.0.0.1', 'redirect: '],
    ['to the metadata service', '10.0.0.1', '169.254.169.254', 'redirect: '],
    ['to the metadata service, in IPv6', '127.0.0.1', '::ffff:169.254.169.254', 'redirect: '],
  ])('a redirect %s', async (_, from, to, expected) => {
    const { go, opened } = recorder(catalogueGuard());
    expect(await go(to, from)).toMatch(new RegExp(`^${expected}`));
    expect(opened).toEqual(expected === 'connected' ? [`${to} 80`] : []);
  });
});

describe('the list of what may be probed on demand', () => {
  const lookup: Lookup = async (hostname) => ({
    address: hostname === 'inside.example' ? '10.1.2.3' : '8.8.8.8',
    family: 4,
  });
  it.each<[string, string[], string, number, boolean]>([
    ['a name that is on it', ['shop.example'], 'shop.example', 80, true],
    ['a name in other letters, and with its root', ['Shop.Example'], 'shop.EXAMPLE.', 80, true],
    ['a name that is not', ['shop.example'], 'other.example', 80, false],
    ['a name that only ends alike', ['shop.example'], 'evilshop.example', 80, false],
    ['a part of a domain', ['*.example'], 'a.b.example', 80, true],
    ['the domain itself', ['*.shop.example'], 'shop.example', 80, false],
    ['a domain that only ends alike', ['*.shop.example'], 'evilshop.example', 80, false],
    ['the port on it', ['shop.example:8443'], 'shop.example', 8443, true],
    ['another port', ['shop.example:8443'], 'shop.example', 22, false],
    ['an address in a block', ['8.8.0.0/16'], '8.8.8.8', 80, true],
    ['an address outside of it', ['8.9.0.0/16'], '8.8.8.8', 80, false],
    ['a name that resolves into a block, but is not on it', ['8.8.0.0/16'], 'shop.example', 80, false],
    ['a private address in a block', ['10.1.0.0/16'], '10.1.2.3', 80, true],
    ['a private address carried in IPv6, in a block', ['10.1.0.0/16'], '::ffff:10.1.2.3', 80, true],
    ['a name on it with a private address in a block', ['inside.example', '10.1.0.0/16'], 'inside.example', 80, true],
    ['a name on it with a private address', ['inside.example'], 'inside.example', 80, false],
    ['the metadata service, although in a block', ['169.254.0.0/16'], '169.254.169.254', 80, false],
    ['anything, with an empty list', [], 'shop.example', 80, false],
  ])('%s', async (_, list, host, port, may) => {
    const { go, opened } = recorder(adHocGuard(list.map(parseAllowedTarget)), lookup);
    expect((await go(host, undefined, port)) === 'connected').toBe(may);
    expect(opened.length > 0).toBe(may);
  });

  it.each(['', 'a b', '10.0.0.0/33', '::/129', '1.2.3', 'http://shop.example', '*', '*.', 'a..b', 'shop.example:port'])(
    'refuses %j as an entry',
    (entry) => {
      expect(() => parseAllowedTarget(entry)).toThrow(/is no host, \*\.domain, host:port or address block/);
    },
  );
});
