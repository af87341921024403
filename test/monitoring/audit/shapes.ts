/** An expression as rule collections write them, and its `for`. */
export interface Shape {
  readonly expr: string;
  readonly for?: string;
}

function shapes(holdFor: string, lines: string): Shape[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((expr) => ({ expr, for: holdFor }));
}

/** Shapes of alert expressions, family by family; names of metrics do not matter, their constructs do. */
export const SHAPES: Readonly<Record<string, readonly Shape[]>> = {
  thresholds: shapes(
    '5m',
    String.raw`
    up == 0
    queue_depth{queue!~"tmp.*|dead-.*"} > 1000
    pool_used_percent >= 90
    temperature_celsius > 75 or temperature_celsius < 5
    3 <= replicas_wanted < 20
    10 < free_slots
    state{state="degraded"} == 1
    config_reload_success != 1
    battery_runtime_seconds < 300 and battery_status == 2
    -free_ratio > -0.1
    abs(clock_offset_seconds) > 0.05
    abs(a_value - b_value) > 10
    (limit_bytes - used_bytes) / limit_bytes * 100 < 10
    100 * (1 - free_bytes / size_bytes) > 85
    100 - (free_bytes{fs!~"tmpfs|overlay"} * 100) / size_bytes{fs!~"tmpfs|overlay"} > 92
    used_bytes / 1024 / 1024 / 1024 > 50
    used_bytes > 0.9 * limit_bytes
    used_bytes > on (host) 0.9 * max by (host) (limit_bytes)
    (used_bytes > 0) / limit_bytes > 0.9
    process_open_fds / process_max_fds > 0.8
    load1 / on (instance) group_left count by (instance) (cpu_seconds_total{mode="idle"}) > 2
    sum(threads_running) > 4 * sum(cpu_count)
    a_current != b_desired
    a_ready < b_wanted and changes(a_updated[10m]) == 0
    replicas_current == replicas_max and replicas_max != replicas_min
    round(100 * errors / total) >= 5
    ceil(used / capacity * 10) > 9
    clamp_max(free, 0) < 0
    clamp_min(backlog, 10) > 100
    clamp(score, 0, 100) < 20
    floor(health_score) == 2
    sgn(balance) == -1
    sqrt(variance_value) > 4
    ln(size_bytes) > 20
    log2(size_bytes) > 30
    log10(size_bytes) > 9
    exp(exponent_value) > 100
    2 ^ retry_exponent > 64
    latency_seconds ^ 2 > 4
    slot_number % 2 == 1
    atan(ratio) > 1
    value_celsius * 9 / 5 + 32 > 100
    used > bool 5 == 1
    (used > bool 5) + (errors > bool 3) == 2
    (used > bool 5) * 10 > 5
    sum by (cluster) (node_ready == bool 0) > 1
    1 - (sum(ok == bool 1) / count(ok)) > 0.1
    disk_status == 1 and disk_age > 100 unless on (host) maintenance == 1
    -1 * headroom > -5`,
  ),
  rates: shapes(
    '10m',
    String.raw`
    rate(errors_total[5m]) > 0
    irate(requests_total[1m]) > 100
    increase(restarts_total[1h]) > 5
    increase(events_total{type=~"Failed|BackOff"}[10m]) >= 1
    rate(errors_total{code=~"5.."}[5m]) / rate(requests_total[5m]) > 0.05
    sum(rate(requests_total{code=~"5.."}[5m])) / sum(rate(requests_total[5m])) > 0.05
    sum by (job) (rate(requests_total{code=~"5..|429"}[5m])) / sum by (job) (rate(requests_total[5m])) * 100 > 5
    100 * sum(rate(requests_total{code!~"2..|3.."}[5m])) / sum(rate(requests_total[5m])) >= 1
    1 - sum(rate(requests_total{code!~"5.."}[5m])) / sum(rate(requests_total[5m])) > 0.01
    sum(rate(requests_total{code="500"}[1m])) > 0.9 * sum(rate(requests_total[1m]))
    sum(rate(hits_total[5m])) / (sum(rate(hits_total[5m])) + sum(rate(misses_total[5m]))) < 0.5
    (sum(rate(a_total[5m])) - sum(rate(b_total[5m]))) / sum(rate(a_total[5m])) > 0.2
    rate(duration_seconds_sum[5m]) / rate(duration_seconds_count[5m]) > 0.5
    sum by (service) (rate(duration_seconds_sum[5m])) / sum by (service) (rate(duration_seconds_count[5m])) > 1 and sum by (service) (rate(duration_seconds_count[5m])) > 0.1
    100 - (avg by (instance) (rate(cpu_seconds_total{mode="idle"}[5m])) * 100) > 80
    avg by (instance, mode) (rate(cpu_seconds_total{mode=~"iowait|steal"}[5m])) * 100 > 10
    sum by (instance) (avg by (mode, instance) (rate(cpu_seconds_total{mode!="idle"}[2m]))) > 0.9
    rate(transmit_bytes_total{device!~"lo|veth.*"}[2m]) * 8 / 1e6 > 900
    delta(temperature[10m]) > 5
    delta(queue_length[15m]) > 0 and queue_length > 100
    deriv(free_bytes[1h]) < -1000
    deriv(lag_offset[30m]) > 0 and lag_offset > 10
    idelta(gauge_value[5m]) < -10
    changes(start_time_seconds[15m]) > 2
    changes(leader_id[1h]) >= 4
    resets(uptime_seconds[1h]) > 1
    rate(throttled_total[5m]) / ignoring (reason) rate(periods_total[5m]) > 0.25
    increase(throttled_total{container!=""}[5m]) / increase(periods_total[5m]) > 25 / 100
    increase(failed_total[5m]) > increase(success_total[5m])
    rate(in_total[5m]) < 0.5 * rate(in_total[5m] offset 1d)
    sum(rate(orders_total[10m])) < 0.7 * sum(rate(orders_total[10m] offset 1w))
    sum(increase(jobs_total{status="failed"}[1h])) - sum(increase(jobs_total{status="ok"}[1h])) > 0
    rate(requests_total[15m]) / rate(requests_total[1d]) < 0.5
    increase(x_total[1h]) > 0 and increase(x_total[5m]) == 0
    rate(steps_total[5m]) == 0 and on (instance) queue_length > 0
    sum without (instance, pod) (rate(errors_total[5m])) > 1
    sum by (job) (increase(errors_total[5m])) / ignoring (job) group_left sum(increase(errors_total[5m])) > 0.5
    topk(1, sum by (handler) (rate(requests_total[5m]))) > 100
    rate(bytes_total[5m]) > on (instance, device) group_left () speed_bytes * 0.9
    (rate(errors_total[5m]) > 0.1) and on (instance) (time() - boot_time_seconds > 600)
    rate(a_total[5m] @ end()) > 1`,
  ),
  'burn rates': shapes(
    '2m',
    String.raw`
    slo:error_ratio:rate5m{slo="a"} > 14.4 * 0.001 and slo:error_ratio:rate1h{slo="a"} > 14.4 * 0.001
    (max(sli_error:ratio_rate5m{id="x"} > (14.4 * 0.01)) without (window) and max(sli_error:ratio_rate1h{id="x"} > (14.4 * 0.01)) without (window)) or (max(sli_error:ratio_rate30m{id="x"} > (6 * 0.01)) without (window) and max(sli_error:ratio_rate6h{id="x"} > (6 * 0.01)) without (window))
    http_requests:burnrate5m{job="a", slo="x"} > (14 * (1 - 0.99)) and http_requests:burnrate1h{job="a", slo="x"} > (14 * (1 - 0.99))
    (sum(rate(e_total{code=~"5.."}[5m])) / sum(rate(e_total[5m])) > 0.0144) and (sum(rate(e_total{code=~"5.."}[1h])) / sum(rate(e_total[1h])) > 0.0144)
    sum by (svc) (rate(e_total{code=~"5.."}[6h])) / sum by (svc) (rate(e_total[6h])) > 0.006 and sum by (svc) (rate(e_total{code=~"5.."}[30m])) / sum by (svc) (rate(e_total[30m])) > 0.006
    1 - (sum(rate(d_bucket{le="0.5"}[1h])) / sum(rate(d_count[1h]))) > 14.4 * 0.01
    (1 - sum(rate(d_bucket{le="1",code!~"5.."}[5m])) / sum(rate(d_bucket{le="+Inf",code!~"5.."}[5m]))) > 0.1
    sum(avg_over_time(probe_success[5m])) / count(avg_over_time(probe_success[5m])) < 0.9
    (1 - avg_over_time(probe_success[1h])) > (14.4 * (1 - 0.999)) and (1 - avg_over_time(probe_success[5m])) > (14.4 * (1 - 0.999))
    (count_over_time(up[1h]) - sum_over_time(up[1h])) / count_over_time(up[1h]) > 0.05`,
  ),
  histograms: shapes(
    '5m',
    String.raw`
    histogram_quantile(0.99, rate(latency_seconds_bucket[5m])) > 1
    histogram_quantile(0.95, sum by (le) (rate(latency_seconds_bucket{job="api"}[5m]))) > 0.5
    histogram_quantile(0.9, sum by (le, service) (rate(latency_seconds_bucket[5m]))) > 2 and on (service) sum by (service) (rate(latency_seconds_count[5m])) > 1
    histogram_quantile(0.99, sum without (instance) (rate(latency_seconds_bucket{verb!~"WATCH|CONNECT"}[5m]))) * 1000 > 300
    histogram_quantile(0.5, latency_seconds_bucket) < 0.001
    1000 * histogram_quantile(0.99, sum by (le, ns) (rate(latency_seconds_bucket[10m]))) > 100 < 5000
    histogram_quantile(0.99, sum by (le, cluster) (cluster_le:latency:rate5m)) > 10
    (histogram_quantile(0.99, sum by (le) (rate(a_bucket[5m]))) > 1) or (histogram_quantile(0.99, sum by (le) (rate(b_bucket[5m]))) > 1)
    histogram_quantile(0.99, sum(rate(fsync_bucket[5m])) by (instance, le)) > 0.01
    histogram_quantile(0.99, rate(a_bucket[5m])) / histogram_quantile(0.5, rate(a_bucket[5m])) > 5
    cluster_quantile:latency:p99{quantile="0.99"} > on (verb) group_left () (avg by (verb) (cluster_quantile:latency:p99 >= 0) + 2 * stddev by (verb) (cluster_quantile:latency:p99 >= 0))
    sum(rate(latency_bucket{le="0.25"}[5m])) by (job) / sum(rate(latency_count[5m])) by (job) < 0.9
    avg(rpc_duration{quantile="0.99"}) > 1`,
  ),
  counts: shapes(
    '5m',
    String.raw`
    count(up{job="db"} == 1) < 2
    count(up{job="db"}) < 3
    count(up == 0) / count(up) > 0.3
    count by (job) (up == 0) / on (job) group_left count by (job) (up) > 0.5
    100 * (count by (job) (up == 0) / count by (job) (up)) > 10
    sum(up{job="etcd"} == bool 1) < ((count(up{job="etcd"}) + 1) / 2)
    count by (cluster) (leader == 1) > 1
    count(count by (version) (build_info)) > 1
    count(count by (version) (label_replace(build_info, "version", "$1", "git", "(v[0-9]+\\.[0-9]+).*"))) > 1
    count(count_values("hash", config_hash)) > 1
    count_values("v", schema_version) > 1
    count by (ns) (pod_phase{phase=~"Pending|Failed"} == 1) > 5
    count without (instance, pod) (member_info) != 3
    min by (cluster) (members) != max by (cluster) (members)
    max(config_version) - min(config_version) > 0
    max by (db) (offset_value) - min by (db) (offset_value) > 1000
    stddev(load) > 4
    stdvar by (job) (load) > 2
    stddev by (instance) (rate(cpu_total[5m])) > 0.3
    quantile(0.9, latency_value) > 2
    quantile by (job) (0.5, rate(x_total[5m])) < 1 and count by (job) (rate(x_total[5m])) > 2
    avg(load) > 4
    max without (instance) (lag) > 100
    group by (zone) (up == 0) == 1
    bottomk(1, free_bytes) < 100
    topk(3, errors) > 10
    sum(rate(x_total[5m])) by (pod) > 3 * scalar(avg(sum(rate(x_total[5m])) by (pod)))
    x_value > on (job) group_left () 2 * avg by (job) (x_value)
    abs(x_value - on (job) group_left avg by (job) (x_value)) > on (job) group_left 2 * stddev by (job) (x_value)
    sum(node_ready{condition="Ready",status="true"}) / count(node_ready{condition="Ready",status="true"}) < 0.8
    count(a_up == 0) > count(a_up) / 2
    absent(a_up) or count(a_up == 1) < 1
    count(time() - heartbeat_seconds < 60) < 2
    sum(pod_restarts) by (ns, pod) > 10
    count(raft_leader) by (id) == 0 or raft_leader == 0
    sum(is_leader) != 1
    sum by (topic, partition) (in_sync) < 2 and on (topic) sum by (topic) (replicas) > 2`,
  ),
  absence: shapes(
    '5m',
    String.raw`
    absent(up{job="api"})
    absent(up{job="api"} == 1)
    absent_over_time(heartbeat_total{job="api"}[10m])
    absent(sum(rate(requests_total[5m])))
    absent(up{job=~"api|web"}) or up{job=~"api|web"} == 0
    (up{job="a"} or on () vector(0)) == 0
    sum(up{job="a"}) == 0 or absent(up{job="a"})
    x_value offset 1h unless x_value
    count(x_value offset 1h) > 0 unless count(x_value) > 0
    up offset 10m unless on (instance) up
    (count by (job) (up offset 10m) - count by (job) (up)) > 0
    kube_info unless on (node) node_up
    desired_info{kind="a"} unless on (name) ready_info == 1
    present_over_time(crash_info[5m]) == 1
    absent(backup_done_seconds) or time() - backup_done_seconds > 86400
    up == 0 unless on (job) sum by (job) (up) == 0
    ALERTS{alertname="A",alertstate="firing"} == 1
    max_over_time(ALERTS{severity="critical"}[5m]) > 0
    scrape_samples == 0 and on (job) up == 1
    sum(rate(logs_total[5m])) == 0 or absent(logs_total)
    last_over_time(batch_rows[1h]) < 1
    vector(1)
    vector(0) == 1 or up == 0`,
  ),
  'over time': shapes(
    '0s',
    String.raw`
    avg_over_time(load[15m]) > 10
    min_over_time(free[10m]) < 5
    max_over_time(latency[5m]) > 2
    sum_over_time(errors[1h]) > 10
    count_over_time(seen[10m]) < 5
    count_over_time(seen[1h]) > 30
    count_over_time((load > 5)[1h:1m]) > 30
    stddev_over_time(load[10m]) > 3
    stdvar_over_time(load[10m]) > 3
    quantile_over_time(0.9, load[10m]) > 5
    last_over_time(version[5m]) != 2
    max_over_time(rate(errors_total[5m])[1h:1m]) > 5
    avg_over_time(sum(up)[30m:]) < 2
    min_over_time(sum by (job) (up)[10m:30s]) == 0
    avg_over_time((cpu_used / cpu_limit)[30m:1m]) > 0.9
    max_over_time((errors / total)[1h:5m]) >= 0.1
    increase(sum(visits_total)[1h:1m]) > 100
    rate(sum(visits_total)[10m:30s]) < 1
    delta(sum(queue)[30m:1m]) > 10
    deriv((used / size)[1h:5m]) > 0.0001
    changes((state == bool 1)[1h:1m]) > 4
    resets(max by (job) (uptime)[1h:1m]) > 0
    sum_over_time((down == bool 1)[1h:1m]) > 5
    sum(sum_over_time(failures[30m])) by (job) > 3
    avg_over_time(up[10m]) * 100 < 50
    holt_winters(queue[10m], 0.5, 0.5) > 100
    predict_linear(free_bytes[6h], 4 * 3600) < 0
    predict_linear(free_bytes[1h], 24 * 3600) < 0 and free_bytes / size_bytes < 0.2
    (free_bytes / size_bytes < 0.4 and predict_linear(free_bytes[6h], 24 * 60 * 60) < 0 and readonly == 0)
    (free_bytes * 100) / size_bytes < 10 and on (instance, device, mountpoint) predict_linear(free_bytes{fstype!~"tmpfs"}[1h], 24 * 3600) < 0 and on (instance, device, mountpoint) readonly == 0
    predict_linear(used_bytes[12h], 3600 * 24 * 4) > size_bytes
    predict_linear(queue_size[30m], 1800) > 1000 and queue_size > 100
    avg_over_time(x[5m]) > 2 * avg_over_time(x[1d])
    avg_over_time(x[10m]) > 1.5 * avg_over_time(x[10m] offset 1d)
    abs(x - avg_over_time(x[1d])) > 3 * stddev_over_time(x[1d])
    (x - avg_over_time(x[1d])) / stddev_over_time(x[1d]) > 3
    max_over_time(x[1h]) - min_over_time(x[1h]) > 5
    x - x offset 1h > 10
    x / x offset 1w < 0.5
    (x - min_over_time(x[1d])) / (max_over_time(x[1d]) - min_over_time(x[1d])) > 0.9
    timestamp(x) < time() - 30
    time() - timestamp(heartbeat) > 60
    x @ 0 > 5`,
  ),
  clock: shapes(
    '1m',
    String.raw`
    time() - backup_seconds > 86400
    time() - max(job_success_seconds) > 3600 * 26
    time() - max by (job) (push_time_seconds{job!=""}) > 6 * 3600
    (time() - last_success_seconds) / 3600 > 24 and last_success_seconds > 0
    cert_not_after - time() < 86400 * 7
    (cert_not_after - time()) / 86400 < 14 and (cert_not_after - time()) / 86400 >= 3
    0 < cert_not_after - time() < 86400 * 3
    ceil((cert_not_after - time()) / 86400) < 20
    round((last_over_time(ssl_expiry[10m]) - time()) / 86400, 0.1) < 0
    min(cert_not_after - time()) < 3600
    time() < expiry_seconds and expiry_seconds < time() + 3600
    boot_seconds > time() - 600
    (time() - start_seconds) < 300
    time() * 1000 - updated_milliseconds > 60000
    time() - (x_seconds > 0) > 7200
    hour() > 8
    x > 5 and on () hour() >= 9 < 17
    x > 5 and on () (hour() >= 9 and hour() < 17) and on () day_of_week() > 0 and on () day_of_week() < 6
    x > 5 unless on () (hour() < 6 or hour() > 22)
    day_of_week() == 1 and hour() == 9
    minute() < 5 and on () x == 0
    x == 0 and on () (day_of_month() == 1)
    month() == 2 and on () x > 1
    day_of_week(start_seconds) == 0
    hour(start_seconds) == 3
    (vector(time()) - x_seconds) > 100
    time() - timestamp(up{job="a"} == 1) > 60 or absent(up{job="a"})
    days_in_month() == 28 and on () x > 1`,
  ),
  joins: shapes(
    '15m',
    String.raw`
    x * on (pod, ns) group_left (node) pod_info > 5
    sum by (node) (x * on (pod) group_left (node) pod_info) > 10
    x * on (ns, pod) group_left (owner) topk by (ns, pod) (1, max by (ns, pod, owner) (pod_owner{owner!=""})) > 0
    label_replace(x, "node", "$1", "instance", "(.*):.*") * on (node) group_left (role) node_role > 3
    label_replace(x, "host", "$1", "instance", "([^:]+):\\d+") > 5 and on (host) maintenance == 0
    label_join(x, "key", "-", "a", "b") > 1
    label_replace(a, "n", "$1", "pod", "(.+)") and on (n) label_replace(b, "n", "$1", "name", "(.+)") > 0
    sum by (ns) (label_replace(x, "ns", "$1", "namespace", "(.+)")) > 100
    x > 5 and ignoring (severity) y > 3
    x > on (host) y
    x > ignoring (kind) group_left y
    x unless ignoring (state) y
    x / on (a, b) group_right (c) y > 1
    (x == 1) * on (uid) group_left (name) info{kind=~"Job|CronJob"} == 1
    sum by (ns, q) (used{type="used"}) / sum by (ns, q) (used{type="hard"} > 0) > 0.9
    used{type="used"} / ignoring (instance, job, type) (used{type="hard"} > 0) > 0.9 < 1
    max by (vol) (used_bytes) / max by (vol) (size_bytes) > 0.9 unless on (vol) excluded == 1
    (sum(req) - (sum(alloc) - max(alloc))) > 0 and (sum(alloc) - max(alloc)) > 0
    (a > 1 and b > 1) or (c > 1 and on (instance) d > 1) or e > 1
    {__name__=~"disk_(read|write)_errors_total"} > 0
    {job="api",__name__="weird.name"} > 1
    x{path=~"/api/v[0-9]+/.+",method!="OPTIONS",code=~"[45].."} > 1
    x{pod=~"web-[a-z0-9]{5,10}-[a-z0-9]{5}"} > 1
    x{name!~".*(test|dev).*",env=~"prod|"} > 1
    x{name=~"(?i)PROD.*"} > 1
    x{label=""} > 1
    x{label!="",other!=""} > 1
    min by (a, b, c) (x{d=~"d.*"}) == 1 and sum by (a, b, c) (y{e!~"e.*"}) > 0
    x > 0 and x < 10 and y > 0
    max by (ns, pod) (status{phase=~"Pending|Unknown"} * on (ns, pod) group_left (kind) max by (ns, pod, kind) (owner{kind!="Job"})) > 0
    sum by (ns, pod) (max by (ns, pod) (phase{phase=~"Pending|Unknown"}) * on (ns, pod) group_left (owner) topk by (ns, pod) (1, max by (ns, pod, owner) (owners{owner!="Job"}))) > 0
    (sum by (d) (spec) != sum by (d) (avail)) and (changes(updated[5m]) == 0)
    avg by (job) (a) / avg by (job) (b) > 1.2 or avg by (job) (b) / avg by (job) (a) > 1.2
    sum(a) by (x) / sum(b) by (x) > 0.5 and sum(b) by (x) > 10
    (a offset 5m) - a > 3
    sort_desc(sum by (x) (a)) > 5
    quota_used / quota_limit * 100 > 80 and quota_limit != 0
    1 - (avail / total) > 0.9 and total > 0
    avail{a="x"} / ignoring (a) total{a="y"} < 0.2
    scalar(max(limit_value)) < max(used_value)
    used_value > scalar(limit_value{kind="hard"})
    (node_uname * on (instance) group_left (nodename) x) > 2
    lag_sum / 60 > 5 and ON (g) SUM BY (g) (members) > 0
    pg_lag > 10 and on (instance) pg_is_replica == 1
    (pg_tuples_dead > 10000) / (pg_tuples_live + pg_tuples_dead) >= 0.1
    sum by (datname) (pg_activity{state!="idle"}) > on () group_left () pg_max * 0.8
    sum(pg_activity) by (instance) > min(pg_max) by (instance) * 0.8
    (max(my_threads) by (instance)) / (max(my_max) by (instance)) * 100 > 80
    (mongo_member_state == 3) or (mongo_member_state == 9)
    avg by (i) (kafka_replicas) < 3 or sum by (i) (offline) > 0
    es_fs_avail / es_fs_size * 100 < 10
    (win_free / win_size) * 100 < 10
    100 - (avg by (instance) (irate(win_cpu_total{mode="idle"}[2m])) * 100) > 80
    ceph_health == 2
    ceph_osd_up == 0 and on (ceph_daemon) ceph_osd_in == 1
    ceph_osd_up * on (ceph_daemon) group_left (hostname) ceph_osd_metadata == 0
    count by (hostname) (ceph_osd_up * on (ceph_daemon) group_left (hostname) ceph_osd_metadata == 0) > 2
    (ceph_pool_used / (ceph_pool_avail + ceph_pool_used)) * on (pool_id) group_right () ceph_pool_metadata > 0.85`,
  ),
};
