import { distribution, percentiles } from '../panels.ts';
import type { SystemDashboard } from '../system-dashboard.ts';

const OCR = 'ocr';
const OPERATIONS = 'ocr_operations_total';

/** Recognition of text. */
export const OCR_SERVICE: SystemDashboard = {
  title: 'OCR Service',
  file: 'ocr-service.json',
  description: 'Recognised documents: how many, how well, how fast.',
  subject: 'up',
  panels: (metrics) => [
    {
      title: 'OCR operation metrics',
      visualisation: 'line',
      description: 'Recognitions a second by outcome, and those that run now.',
      unit: 'ops',
      queries: [
        { expr: metrics.rate(OPERATIONS, { by: ['status'] }), legend: '{{status}}' },
        {
          expr: metrics.select('ocr_active_requests'),
          legend: 'running',
          unit: 'short',
          shows: { service: OCR, kind: 'slow', delayMs: 3_000 },
        },
      ],
      shows: { service: OCR, kind: 'errors', share: 0.3 },
    },
    distribution(metrics, 'ocr_confidence_score', {
      title: 'Confidence score analysis',
      description: 'Documents by the confidence in what was read.',
      unit: 'percentunit',
      shows: { service: OCR, kind: 'accuracy' },
    }),
    {
      title: 'File processing statistics',
      visualisation: 'bar',
      description: 'Documents in the chosen time, by type of file.',
      unit: 'short',
      decimals: 0,
      category: 'file_type',
      queries: [{ expr: metrics.increase(OPERATIONS, { by: ['file_type'], window: '$__range' }), legend: 'documents' }],
      shows: { service: OCR, kind: 'traffic' },
    },
    {
      title: 'Words in a document',
      visualisation: 'line',
      description: 'Words that were read, and those left after the doubtful ones are dropped: means.',
      unit: 'short',
      queries: [
        { expr: metrics.mean('ocr_word_count'), legend: 'read' },
        { expr: metrics.mean('ocr_filtered_words'), legend: 'kept' },
      ],
      shows: { service: OCR, kind: 'accuracy' },
    },
    percentiles(metrics, 'ocr_processing_duration_seconds', {
      title: 'Performance trends',
      description: 'Percentiles of the time to recognise a document.',
      width: 24,
      shows: { service: OCR, kind: 'slow', delayMs: 3_000 },
    }),
  ],
};
