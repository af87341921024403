import { levels } from '../panels.ts';
import type { SystemDashboard } from '../system-dashboard.ts';

const MLFLOW = 'mlflow-ocr';

/** Trainings and models that MLflow tracks. */
export const MLFLOW_INTEGRATION: SystemDashboard = {
  title: 'MLflow Integration',
  file: 'mlflow-integration.json',
  description: 'Experiments, models and trainings that MLflow tracks.',
  subject: 'up',
  panels: (metrics) => [
    {
      title: 'Experiment tracking overview',
      visualisation: 'table',
      description: 'Active experiments, and runs of the last day by status.',
      unit: 'short',
      width: 24,
      queries: [
        {
          expr: metrics.select('mlflow_experiments'),
          legend: 'experiments',
          still: 'no fault makes or archives experiments',
        },
        { expr: `sum by (service, status) (${metrics.select('mlflow_runs')})`, legend: 'runs' },
      ],
      shows: { service: MLFLOW, kind: 'accuracy' },
    },
    levels(metrics, 'mlflow_model_accuracy', {
      title: 'Model performance trends',
      description: 'Accuracy of the latest finished run.',
      unit: 'percentunit',
      max: 1,
      shows: { service: MLFLOW, kind: 'accuracy' },
    }),
    {
      title: 'Training metrics',
      visualisation: 'line',
      description: 'Loss of the trainings on their own data and on unseen data, and the time of an epoch.',
      unit: 'short',
      queries: [
        { expr: metrics.select('mlflow_training_loss'), legend: '{{service}} {{data}}' },
        { expr: metrics.select('mlflow_training_epoch_seconds'), legend: '{{service}} epoch', unit: 's' },
      ],
      shows: { service: MLFLOW, kind: 'accuracy' },
    },
  ],
};
