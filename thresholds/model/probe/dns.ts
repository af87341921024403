import type { ProbeBase } from './base.ts';

export const DNS_TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT', 'SOA', 'SRV', 'PTR', 'CAA'] as const;

export type DnsType = (typeof DNS_TYPES)[number];

/** Answer codes of RFC 1035 and RFC 2136 that servers send. */
export const DNS_RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'NOTAUTH'] as const;

export type DnsRcode = (typeof DNS_RCODES)[number];

export interface DnsProbeSpec extends ProbeBase {
  kind: 'dns';
  /** Null for the host of the target's address. */
  name: string | null;
  type: DnsType;
  /** Host and port of the server to ask; null for the target itself where its address is `dns://`, else the system's first name server. */
  server: string | null;
  transport: 'udp' | 'tcp';
  /** Whether to ask for recursion. */
  recursion: boolean;
  expect: {
    rcode: DnsRcode;
    /** Fewest answers of the type that was asked for. */
    minAnswers: number;
    /** Regular expressions; each must match at least one answer. */
    answers: string[];
    /** Regular expressions that no answer may match. */
    noAnswers: string[];
  };
}
