import { expect, test } from 'vitest';
import { Gate } from '../../../scripts/drill/gate.ts';
import { caseOf } from '../../monitoring/drill/support.ts';

const down = caseOf('ServiceDown');
const errors = caseOf('HighErrorRate');
const bank = { ...errors, system: { ...errors.system, id: 'bank' } };

test('who would disturb waits until the other leaves, and nobody else waits', async () => {
  const gate = new Gate();
  const order: string[] = [];
  const { leave } = await gate.enter({ drillCase: down, kind: 'fault' });
  const waiting = gate.enter({ drillCase: errors, kind: 'near miss' }).then(() => order.push('errors'));
  await gate.enter({ drillCase: bank, kind: 'fault' }).then(() => order.push('bank'));
  expect(order).toEqual(['bank']);
  leave();
  await waiting;
  expect(order).toEqual(['bank', 'errors']);
});

test('once the alert of a case is inactive, only who fires it anew waits', async () => {
  const gate = new Gate();
  const order: string[] = [];
  const pass = await gate.enter({ drillCase: down, kind: 'fault' });
  const others = gate.enter({ drillCase: errors, kind: 'fault' }).then(({ leave }) => {
    order.push('errors');
    leave();
  });
  const again = gate.enter({ drillCase: down, kind: 'fault' }).then(() => order.push('down again'));
  pass.ease();
  await others;
  expect(order).toEqual(['errors']);
  pass.leave();
  await again;
  expect(order).toEqual(['errors', 'down again']);
});
