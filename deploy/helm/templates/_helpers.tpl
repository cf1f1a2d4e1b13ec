{{- define "rack.name" -}}
{{- .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Name of a part: "<release>-<part>", short enough for the labels of its pods. */}}
{{- define "rack.part" -}}
{{- printf "%s-%s" (.root.Release.Name | trunc 40 | trimSuffix "-") .part -}}
{{- end -}}

{{- define "rack.selector" -}}
app.kubernetes.io/name: {{ include "rack.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end -}}

{{- define "rack.labels" -}}
{{ include "rack.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "rack.image" -}}
{{- $tag := .root.Values.image.tag | default .root.Chart.AppVersion | printf ":%s" -}}
{{- $digest := get .root.Values.image.digests .part | printf "@%s" | trimSuffix "@" -}}
{{- printf "%s/%s%s" .root.Values.image.repository .part ($digest | default $tag) -}}
{{- end -}}

{{- define "rack.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Names of Secrets: those that are given, or those that the chart makes. */}}
{{- define "rack.secret" -}}
{{- .Values.secrets.existingSecret | default (include "rack.part" (dict "root" . "part" "rack")) -}}
{{- end -}}
{{- define "rack.databaseSecret" -}}
{{- if eq .Values.database.mode "external" -}}
{{- required "database.existingSecret: name the Secret that has DATABASE_URL" .Values.database.existingSecret -}}
{{- else -}}{{ include "rack.part" (dict "root" . "part" "postgres") }}{{- end -}}
{{- end -}}
{{- define "rack.redisSecret" -}}
{{- if eq .Values.redis.mode "external" -}}
{{- required "redis.existingSecret: name the Secret that has REDIS_URL" .Values.redis.existingSecret -}}
{{- else -}}{{ include "rack.part" (dict "root" . "part" "redis") }}{{- end -}}
{{- end -}}
{{- define "rack.registrySecret" -}}
{{- if eq .Values.registry.mode "bundled" -}}{{ include "rack.part" (dict "root" . "part" "registry") }}
{{- else -}}{{ .Values.registry.existingSecret }}{{- end -}}
{{- end -}}
{{- define "rack.registryHost" -}}
{{- if eq .Values.registry.mode "bundled" -}}
{{ include "rack.part" (dict "root" . "part" "registry") }}.{{ .Release.Namespace }}.svc:5000
{{- else -}}{{ required "registry.host: say which registry images are pushed to" .Values.registry.host }}{{- end -}}
{{- end -}}
{{/* At ECR, which is an account's and not one rack's, the repositories are below the rack's name. */}}
{{- define "rack.registryPrefix" -}}
{{- $isEcr := and (eq .Values.registry.mode "external") (regexMatch "\\.dkr[.-]ecr" .Values.registry.host) -}}
{{- .Values.registry.prefix | default (ternary .Values.rackName "" $isEcr) -}}
{{- end -}}
{{- define "rack.objectsClaim" -}}
{{- .Values.objects.existingClaim | default (include "rack.part" (dict "root" . "part" "objects")) -}}
{{- end -}}

{{/* A value of a Secret that is made once: the one that is there, or a new one. Without a cluster to look at it is always a new one. */}}
{{- define "rack.kept" -}}
{{- $there := lookup "v1" "Secret" .root.Release.Namespace .secret -}}
{{- if and $there (hasKey $there.data .key) -}}{{ index $there.data .key }}{{- else -}}{{ .new | b64enc }}{{- end -}}
{{- end -}}

{{/* What the api and the workers are both told. */}}
{{- define "rack.environment" -}}
- name: DATABASE_URL
  valueFrom: { secretKeyRef: { name: {{ include "rack.databaseSecret" . }}, key: DATABASE_URL } }
- name: REDIS_URL
  valueFrom: { secretKeyRef: { name: {{ include "rack.redisSecret" . }}, key: REDIS_URL } }
- name: ENCRYPTION_KEY
  valueFrom: { secretKeyRef: { name: {{ include "rack.secret" . }}, key: ENCRYPTION_KEY } }
{{- if eq .Values.objects.mode "s3" }}
- name: OBJECTS_URL
  value: {{ required "objects.url: say in which bucket sources and logs are kept" .Values.objects.url }}
{{- range ternary (list "S3_ACCESS_KEY_ID" "S3_SECRET_ACCESS_KEY") list (ne .Values.objects.existingSecret "") }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $.Values.objects.existingSecret }}, key: {{ . }} } }
{{- end }}
{{- else }}
- name: OBJECTS_FOLDER
  value: /objects
{{- end }}
- name: REGISTRY_HOST
  value: {{ include "rack.registryHost" . }}
- name: REGISTRY_PLAIN_HTTP
  value: {{ or (eq .Values.registry.mode "bundled") .Values.registry.plainHttp | quote }}
{{- with include "rack.registryPrefix" . }}
- name: REGISTRY_PREFIX
  value: {{ . }}
{{- end }}
{{- if include "rack.registrySecret" . }}
- name: REGISTRY_USERNAME
  valueFrom: { secretKeyRef: { name: {{ include "rack.registrySecret" . }}, key: REGISTRY_USERNAME } }
- name: REGISTRY_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ include "rack.registrySecret" . }}, key: REGISTRY_PASSWORD } }
{{- end }}
{{- end -}}

{{- define "rack.environmentSecret" -}}
{{- with . }}
envFrom: [{ secretRef: { name: {{ . }} } }]
{{- end }}
{{- end -}}

{{- define "rack.variables" -}}
{{- range $name, $value := . }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* Waits until a command succeeds: to be asked again and again and to say no each time would be told as a warning. */}}
{{- define "rack.startupProbe" -}}
startupProbe:
  exec: { command: [bash, -c, "until {{ . }}; do sleep 0.5; done"] }
  timeoutSeconds: 180
  failureThreshold: 1
{{- end -}}
{{- define "rack.listens" -}}
(: </dev/tcp/127.0.0.1/{{ . }}) 2>/dev/null
{{- end -}}

{{/* Waits for the database and brings its schema up to date. Safe in all pods at once: there is a lock. Nothing to do takes milliseconds. */}}
{{- define "rack.migrate" -}}
- name: migrate
  image: {{ include "rack.image" (dict "root" .root "part" .image) }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  command: [node, apps/api/dist/migrate.js]
  env:
    - name: DATABASE_URL
      valueFrom: { secretKeyRef: { name: {{ include "rack.databaseSecret" .root }}, key: DATABASE_URL } }
  resources: { requests: { cpu: 50m, memory: 128Mi }, limits: { memory: 512Mi } }
  {{- include "rack.containerSecurity" .root | nindent 2 }}
{{- end -}}

{{/* Of every container but the one in which builds run. */}}
{{- define "rack.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end -}}
{{- define "rack.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "rack.placement" -}}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .topologySpreadConstraints }}
topologySpreadConstraints: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* A volume that one node alone can have keeps all who use it there: a pod on another node would wait for it for ever. */}}
{{- define "rack.besideObjects" -}}
{{- if and (eq .Values.objects.mode "volume") (eq .Values.objects.accessMode "ReadWriteOnce") }}
affinity:
  podAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels: { app.kubernetes.io/name: {{ include "rack.name" . }}, app.kubernetes.io/instance: {{ .Release.Name }} }
          matchExpressions: [{ key: app.kubernetes.io/component, operator: In, values: [api, worker] }]
{{- end }}
{{- end -}}

{{- define "rack.claim" -}}
spec:
  accessModes: [{{ .accessMode | default "ReadWriteOnce" }}]
  {{- with .root.Values.storageClass }}
  storageClassName: {{ . }}
  {{- end }}
  resources: { requests: { storage: {{ .storage }} } }
{{- end -}}

{{/* Gives a volume to the user that the pod runs as, where its driver does not. */}}
{{- define "rack.ownVolume" -}}
{{- if and .root.Values.volumePermissions (or (ne .volume "objects") (eq .root.Values.objects.mode "volume")) }}
- name: own-volume
  image: {{ include "rack.image" (dict "root" .root "part" .image) }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  command: [chown, "65532:65532", {{ .path }}]
  resources: { requests: { cpu: 10m, memory: 16Mi }, limits: { memory: 64Mi } }
  securityContext:
    runAsUser: 0
    runAsNonRoot: false
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities: { drop: [ALL], add: [CHOWN] }
  volumeMounts: [{ name: {{ .volume }}, mountPath: {{ .path }} }]
{{- end }}
{{- end -}}
