"""The OpenAPI document, and the declarations that it is made of."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from adapters.http.app import OPERATIONS
from adapters.http.openapi import openapi_document
from adapters.http.options import HttpOptions
from application.access import OPEN_OPERATIONS, RULES
from tests.adapters.http.house import bearer

CONTRACT = {
    ("POST", "/api/v1/networks", "mira.network.create", 201),
    ("GET", "/api/v1/networks/{network_id}", "mira.network.get", 200),
    ("PUT", "/api/v1/networks/{network_id}", "mira.network.update", 200),
    ("DELETE", "/api/v1/networks/{network_id}", "mira.network.delete", 204),
    ("POST", "/api/v1/networks/{network_id}/tokens/network/rotate", "mira.token.network.rotate", 200),
    ("POST", "/api/v1/networks/{network_id}/tokens/network/revoke", "mira.token.network.revoke", 204),
    (
        "POST",
        "/api/v1/networks/{network_id}/tokens/registration/rotate",
        "mira.token.registration.rotate",
        200,
    ),
    (
        "POST",
        "/api/v1/networks/{network_id}/tokens/registration/revoke",
        "mira.token.registration.revoke",
        204,
    ),
    ("POST", "/api/v1/networks/{network_id}/tokens/client/rotate", "mira.token.client.rotate", 200),
    ("POST", "/api/v1/networks/{network_id}/tokens/client/revoke", "mira.token.client.revoke", 204),
    ("POST", "/api/v1/networks/{network_id}/clients", "mira.client.register", 201),
    ("GET", "/api/v1/networks/{network_id}/clients", "mira.client.list", 200),
    ("PUT", "/api/v1/clients/{client_id}", "mira.client.update", 200),
    ("DELETE", "/api/v1/clients/{client_id}", "mira.client.delete", 204),
    ("POST", "/api/v1/networks/{network_id}/audio", "mira.audio.submit", 202),
    ("GET", "/api/v1/networks/{network_id}/audio/status", "mira.audio.status", 200),
    ("GET", "/api/v1/networks/{network_id}/audio/best-stream", "mira.audio.best", 200),
    ("GET", "/api/v1/networks/{network_id}/interactions", "mira.interaction.list", 200),
    ("GET", "/api/v1/networks/{network_id}/interactions/{interaction_id}", "mira.interaction.get", 200),
    (
        "GET",
        "/api/v1/networks/{network_id}/interactions/{interaction_id}/audio",
        "mira.interaction.audio",
        200,
    ),
    (
        "POST",
        "/api/v1/networks/{network_id}/interactions/{interaction_id}/process",
        "mira.interaction.process",
        200,
    ),
    (
        "GET",
        "/api/v1/networks/{network_id}/interactions/{interaction_id}/history",
        "mira.interaction.history",
        200,
    ),
    ("GET", "/api/v1/networks/{network_id}/calendar", "mira.calendar.list", 200),
    ("GET", "/api/v1/networks/{network_id}/reminders", "mira.reminder.list", 200),
    ("POST", "/api/v1/networks/{network_id}/reminders", "mira.reminder.create", 201),
    ("GET", "/api/v1/networks/{network_id}/reminders/{reminder_id}", "mira.reminder.get", 200),
    ("PUT", "/api/v1/networks/{network_id}/reminders/{reminder_id}", "mira.reminder.update", 200),
    ("DELETE", "/api/v1/networks/{network_id}/reminders/{reminder_id}", "mira.reminder.delete", 204),
    ("POST", "/api/v1/networks/{network_id}/calendar", "mira.calendar.create", 201),
    ("GET", "/api/v1/networks/{network_id}/calendar/{event_id}", "mira.calendar.get", 200),
    ("PUT", "/api/v1/networks/{network_id}/calendar/{event_id}", "mira.calendar.update", 200),
    ("DELETE", "/api/v1/networks/{network_id}/calendar/{event_id}", "mira.calendar.delete", 204),
    ("POST", "/api/v1/networks/{network_id}/calendar/feed", "mira.feed.create", 201),
    ("DELETE", "/api/v1/networks/{network_id}/calendar/feed", "mira.feed.delete", 204),
    ("GET", "/api/v1/feeds/{secret}.ics", "feed.get", 200),
    ("GET", "/api/v1/networks/{network_id}/conversations", "mira.conversation.list", 200),
    ("GET", "/api/v1/health", "mira.health", 200),
    ("GET", "/internal/health", "suite.internal.health", 200),
    ("GET", "/internal/metrics", "suite.internal.metrics", 200),
    ("GET", "/internal/operator/networks/{network_id}/limits", "operator.limits.get", 200),
    ("PUT", "/internal/operator/networks/{network_id}/limits", "operator.limits.set", 200),
    ("GET", "/internal/operator", "operator.overview", 200),
    ("GET", "/internal/operator/networks", "operator.network.list", 200),
    ("GET", "/internal/operator/networks/{network_id}", "operator.network.get", 200),
    ("GET", "/internal/operator/clients", "operator.client.list", 200),
    ("GET", "/internal/operator/networks/{network_id}/sessions", "operator.session.list", 200),
    ("GET", "/internal/operator/networks/{network_id}/activities", "operator.activity.list", 200),
    ("DELETE", "/internal/operator/networks/{network_id}/clients/{client_id}", "operator.client.delete", 204),
    (
        "POST",
        "/internal/operator/networks/{network_id}/clients/{client_id}/disconnect",
        "operator.client.disconnect",
        204,
    ),
    ("POST", "/v1/devices", "companion.device.register", 201),
    ("POST", "/v1/devices/pairing-codes", "companion.device.pairing_code", 201),
    ("POST", "/v1/devices/pair", "companion.device.pair", 201),
    ("GET", "/v1/devices/{device_id}/state", "companion.device.state", 200),
    ("POST", "/v1/devices/{device_id}/persona/switch", "companion.persona.switch", 200),
    ("POST", "/v1/sessions", "companion.session.create", 201),
    ("GET", "/v1/sessions/{session_id}", "companion.session.get", 200),
    ("DELETE", "/v1/sessions/{session_id}", "companion.session.end", 200),
    ("POST", "/v1/sessions/{session_id}/handoff", "companion.session.handoff", 200),
    ("POST", "/v1/coordination/group-activity", "companion.coordination.activity", 201),
    ("GET", "/v1/coordination/activities", "companion.coordination.list", 200),
    ("GET", "/v1/coordination/activities/{activity_id}", "companion.coordination.get", 200),
    ("POST", "/v1/coordination/activities/{activity_id}/stop", "companion.coordination.stop", 200),
    ("POST", "/v1/coordination/activities/{activity_id}/answers", "companion.coordination.answer", 200),
    ("POST", "/v1/coordination/broadcast", "companion.coordination.broadcast", 202),
    ("GET", "/v1/coordination/broadcasts/{broadcast_id}", "companion.coordination.receipt", 200),
    ("GET", "/v1/personas", "companion.persona.list", 200),
    ("POST", "/v1/personas", "companion.persona.create", 201),
    ("GET", "/v1/personas/{persona_id}", "companion.persona.get", 200),
    ("PUT", "/v1/personas/{persona_id}", "companion.persona.update", 200),
    ("DELETE", "/v1/personas/{persona_id}", "companion.persona.delete", 204),
    ("GET", "/v1/personas/{persona_id}/versions", "companion.persona.versions", 200),
    ("POST", "/v1/personas/{persona_id}/restore", "companion.persona.restore", 200),
    ("POST", "/v1/dialog/send", "companion.dialog.send", 200),
    ("GET", "/v1/audio/{blob_id}", "blob.get", 200),
}

FIELDS = {
    "HeardStreamView": "client_id last_frame_at metrics quality_score selected",
    "BestStreamView": "network_id quality_score reason selected_at selected_client_id streams threshold",
    "UploadView": "audio_quality_score client_id error interaction_id processing_id "
    "selected_for_processing status",
    "ReceiptView": "audio_quality_score estimated_completion processing_id selected_for_processing status",
    "SoundMetadataBody": "channels duration encoding sample_rate",
    "QualityMetricsBody": "snr speech_clarity volume_level",
    "FilePart": "",
    "UploadBody": "audio_data client_id metadata quality_metrics",
    "ClientSeenView": "audio_quality_score capabilities client_id connected connected_since "
    "connection_status device_info device_type group_id last_seen_at name "
    "network_id persona_id registered_at room",
    "ClientsSeenView": "clients limit offset total",
    "ActivitiesSeenView": "activities limit offset total",
    "ActivitySeenView": "activity_id activity_type config devices ended_at offline_devices persona_id "
    "started_at status",
    "SessionSeenView": "conversation_id created_at device_id expires_at persona_id session_id status user_id",
    "SessionsSeenView": "limit offset sessions total",
    "CountsView": "clients connected events interactions reminders",
    "FiguresView": "at latencies levels rates",
    "InstanceView": "name started_at version",
    "LimitHitView": "count limit subject",
    "LiveStreamView": "client_id metrics quality_score selected speaking",
    "MetricsView": "audio_processing_volume error_rate requests response_time_ms turns websocket_connections "
    "websocket_events",
    "NetworkSeenView": "counts created_at description limits metrics name network_id settings status streams "
    "updated_at",
    "NetworksSeenView": "limit networks offset total",
    "OverviewView": "active_clients active_networks codes figures instance limits "
    "requests_per_minute services status timestamp troubles turns",
    "PercentilesView": "count p50 p95 p99",
    "TroubleView": "at client_id code message network_id place request_id status",
    "TurnSeenView": "at client_id interaction_id network_id spoken stage started_at timings",
    "ActionView": "action_id action_type result timestamp",
    "AudioStatusView": "network_id queue_depth recent",
    "AudioView": "quality_score reason seconds selected_client_id streams",
    "CalendarEventChangesBody": "attendees end_time location recurrence start_time status title",
    "CalendarEventListView": "events limit offset total",
    "CalendarEventView": "attendees created_at end_time event_id location recurrence start_time status title",
    "CalendarEventStatus": "cancelled confirmed tentative",
    "ClientChangesBody": "audio_quality_score capabilities connection_status location",
    "ClientListView": "clients limit offset total",
    "ClientPlace": "accuracy latitude longitude",
    "ClientTokenBody": "client_id",
    "ClientView": "audio_quality_score capabilities client_id connection_status device_info device_type "
    "group_id last_seen_at location registered_at room",
    "CompanionApiError": "details error_code message request_id",
    "ConversationListView": "conversations limit offset total",
    "ConversationView": "client_id conversation_id created_at interactions participants summary updated_at",
    "DeviceMetricsView": "avg_response_latency_ms interactions_today uptime_hours",
    "DeviceStateView": "active_persona_id active_session_id device_id last_activity metrics status",
    "DialogBody": "audio_base64 device_id message session_id",
    "DialogView": "latency_ms persona_id response_audio_url response_text session_id tokens_used",
    "FeedView": "created_at feed_url",
    "HealthMetricsView": "active_clients active_networks requests_per_minute",
    "HealthView": "metrics services status timestamp",
    "ProcessBody": "context force_reprocess",
    "HistoryView": "history interaction_id",
    "InteractionListView": "interactions limit offset total",
    "InteractionView": "actions audio audio_kept_until client_id context conversation_id error_code "
    "interaction_id processing_status response revision speaker_id text timestamp timings",
    "LimitsBody": "api_requests_per_hour audio_uploads_per_minute client_audio_uploads_per_minute "
    "client_status_updates_per_minute client_websocket_messages_per_minute interactions_per_minute "
    "websocket_connections",
    "LimitsView": "limits network_id overrides",
    "PersonaChangesBody": "adaptation_mode behavior_config description name tags voice_config",
    "NewPersonaBody": "adaptation_mode based_on behavior_config description id name tags voice_config",
    "RestorePersonaBody": "version",
    "AdaptationMode": "adaptive fixed guided",
    "VoiceBody": "language pitch rate voice",
    "VoiceView": "language pitch rate voice",
    "BehaviorBody": "allowed_tools greeting idle_minutes model quiet_hours system_prompt",
    "BehaviorView": "allowed_tools greeting idle_minutes model quiet_hours system_prompt",
    "QuietHoursBody": "end start",
    "QuietHoursView": "end start",
    "PersonaListView": "personas total",
    "PersonaSummaryView": "adaptation_mode description id name tags version",
    "PersonaVersionsView": "total versions",
    "PersonaView": "adaptation_mode behavior_config created_at description id name source tags updated_at "
    "version voice_config",
    "NetworkApiError": "error",
    "NetworkApiRefusal": "code details message request_id",
    "NetworkChangesBody": "description name settings",
    "NetworkView": "client_count created_at description name network_id settings status updated_at "
    "websocket_url",
    "NewCalendarEventBody": "attendees end_time location recurrence start_time status title",
    "NewClientBody": "capabilities client_id device_info device_type group_id location room",
    "NewClientView": "audio_quality_threshold capabilities client_id client_token status websocket_url",
    "NewDeviceBody": "capabilities device_type group_id location name",
    "ActivitiesView": "activities limit offset total",
    "ActivityAnswerBody": "answer device_id",
    "ActivityAnswerView": "accepted activity points right",
    "ActivityView": "activity_id activity_type config device_ids ended_at offline_device_ids persona_id "
    "started_at state status updated_at",
    "BroadcastBody": "event_type group_id payload priority room target_devices",
    "BroadcastView": "acknowledged broadcast_id delivered event_type offline sent_at",
    "GroupActivityBody": "activity_type config device_ids persona_id",
    "HandoffBody": "from_device_id notify_user to_device_id",
    "HandoffView": "conversation_id from_device_id handed_over_at persona_id reply_moved session_id success "
    "to_device_id",
    "NewSessionBody": "device_id metadata persona_id user_id",
    "PairingBody": "capabilities code device_type location name",
    "PairingCodeBody": "group_id location name",
    "PairingCodeView": "code expires_at",
    "PersonaSwitchBody": "preserve_context target_persona_id transition_message",
    "PersonaSwitchView": "acknowledged new_persona_id previous_persona_id session_id success "
    "switch_latency_ms",
    "SessionView": "conversation_id created_at device_id expires_at metadata persona_id session_id "
    "status user_id",
    "NewDeviceView": "auth_token created_at device_id websocket_url",
    "NewNetworkBody": "description name settings",
    "NewNetworkView": "client_registration_token created_at name network_id network_token status "
    "websocket_url",
    "RegistrationTokenBody": "uses",
    "RegistrationTokenView": "expires_at kind token uses",
    "NewReminderBody": "due_time recurrence title",
    "ReminderChangesBody": "due_time occurrence recurrence status title",
    "ReminderListView": "limit offset reminders total",
    "ReminderView": "created_at due_time recurrence reminder_id status title",
    "ReminderStatus": "cancelled completed pending",
    "SettingsBody": "audio_quality_threshold language max_clients timezone",
    "SettingsView": "audio_quality_threshold language max_clients timezone",
    "StreamView": "client_id metrics quality_score reason reported_metrics selected",
    "TokenView": "expires_at kind token",
}
"""The names on the wire. They are a promise: a change here is a change of the API."""

CODES = {
    "mira": "AUDIO_PROCESSING_FAILED CLIENT_LIMIT_REACHED CONFLICT FORBIDDEN INTERNAL_ERROR "
    "INVALID_CLIENT_ID INVALID_NETWORK_ID MODEL_INFERENCE_FAILED NOT_FOUND OVERLOADED PAYLOAD_TOO_LARGE "
    "RANGE_NOT_SATISFIABLE "
    "RATE_LIMIT_EXCEEDED UNAUTHORIZED UNSUPPORTED_API_VERSION UNSUPPORTED_MEDIA_TYPE VALIDATION_ERROR",
    "companion": "CLIENT_LIMIT_REACHED CONFLICT DEVICE_NOT_FOUND DEVICE_OFFLINE FORBIDDEN "
    "INTERNAL_ERROR INVALID_NETWORK_ID "
    "LLM_API_ERROR NOT_FOUND OVERLOADED PAYLOAD_TOO_LARGE PERSONA_NOT_FOUND RANGE_NOT_SATISFIABLE "
    "RATE_LIMITED SESSION_EXPIRED "
    "SESSION_NOT_FOUND UNAUTHORIZED UNSUPPORTED_API_VERSION UNSUPPORTED_MEDIA_TYPE "
    "VALIDATION_ERROR",
}
"""The codes that each dialect declares. They are a promise too."""


@pytest.fixture
def document():
    return openapi_document(OPERATIONS, HttpOptions(version="1.2.3", public_url="https://hub.example/mira"))


def every_operation(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


async def test_the_document_is_served_and_valid(house):
    answer = await house.app.test_client().get("/openapi.json")
    served = await answer.get_json()

    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert served["openapi"] == "3.1.0"
    assert served["info"]["version"] == "1.2.3"
    assert served["servers"] == [{"url": "http://127.0.0.1:8123"}]
    OpenAPIV31SpecValidator(served).validate()


def test_a_public_address_is_the_documents_server(document):
    assert document["servers"] == [{"url": "https://hub.example/mira"}]


def test_the_documented_operations_are_declared_and_no_others(document):
    declared = {
        (method, path, operation["operationId"], next(int(n) for n in operation["responses"] if n < "300"))
        for method, path, operation in every_operation(document)
    }

    assert declared == CONTRACT


def test_every_route_is_an_operation_with_a_rule(house):
    routes = {
        (method, re.sub(r"<(?:unlike\(.*?\):)?(\w+)>", r"{\1}", rule.rule), rule.endpoint)
        for rule in house.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert routes == {(method, path, name) for method, path, name, _ in CONTRACT} | {
        ("GET", "/openapi.json", "openapi"),
        ("GET", "/docs", "docs"),
        ("GET", "/docs/migrating", "docs.migrating"),
    }
    assert {name for _, _, name in routes} <= set(RULES) | OPEN_OPERATIONS


def test_names_on_the_wire_are_frozen(document):
    told = {
        name: " ".join(sorted(schema.get("properties") or schema.get("enum", ())))
        for name, schema in document["components"]["schemas"].items()
    }

    assert told == FIELDS


def test_codes_are_frozen(document):
    told: dict[str, set[str]] = {}
    for _, _, operation in every_operation(document):
        for status, answer in operation["responses"].items():
            if status >= "400":
                codes = re.findall(r"`(\w+)`", answer["description"])
                assert codes
                told.setdefault(operation["tags"][0], set()).update(codes)

    assert {dialect: " ".join(sorted(codes)) for dialect, codes in told.items()} == CODES


def test_every_operation_says_what_it_does_and_how_it_refuses(document):
    for _, path, operation in every_operation(document):
        assert operation["summary"].endswith(".")
        responses = operation["responses"]
        assert {"400", "500"} <= set(responses)
        assert ("401" in responses) == (operation["operationId"] in RULES)
        assert ("429" in responses) == (operation["operationId"] in RULES)
        assert ("X-RateLimit-Limit" in responses["500"]["headers"]) == ("429" in responses)
        assert ("404" in responses) >= ("{" in path)
        assert ({"413", "415", "422"} <= set(responses)) >= ("requestBody" in operation)


def test_what_needs_a_token_says_so(document):
    security = {
        operation["operationId"]: operation["security"] for _, _, operation in every_operation(document)
    }

    kinds = {
        operation["operationId"]: operation["x-token-kinds"] for _, _, operation in every_operation(document)
    }

    assert kinds["mira.network.get"] == ["network", "operator"]
    assert kinds["mira.client.update"] == ["client"]
    assert kinds["mira.health"] == []
    assert security["mira.network.get"] == [{"bearer": []}]
    assert security["mira.network.create"] == [{"bearer": []}, {}]
    assert security["mira.health"] == [{}]
    assert security["blob.get"] == [{}]


def test_unknown_settings_are_documented_as_refused(document):
    schemas = document["components"]["schemas"]

    assert schemas["SettingsBody"]["additionalProperties"] is False
    assert {name for name, schema in schemas.items() if schema.get("additionalProperties") is False} == {
        "BehaviorBody",
        "LimitsBody",
        "QuietHoursBody",
        "SettingsBody",
        "VoiceBody",
    }


def test_parameters_are_described(document):
    listing = document["paths"]["/api/v1/networks/{network_id}/reminders"]["get"]
    described = {(one["in"], one["name"]): one for one in listing["parameters"]}

    assert set(described) == {
        ("path", "network_id"),
        ("query", "limit"),
        ("query", "offset"),
        ("query", "status"),
        ("query", "due_before"),
        ("header", "X-Request-ID"),
        ("header", "API-Version"),
    }
    limit, status = described["query", "limit"], described["query", "status"]
    assert (limit["required"], status["required"]) == (False, False)
    assert limit["schema"] == {
        "type": "integer",
        "minimum": 0,
        "default": 50,
        "description": "At most so many, 1 to 200; more is taken for 200.",
    }
    assert status["schema"]["anyOf"][0]["enum"] == ["cancelled", "completed", "pending"]
    link = document["paths"]["/v1/audio/{blob_id}"]["get"]["parameters"]
    assert [one["name"] for one in link if one["in"] == "query" and one["required"]] == [
        "network",
        "expires",
        "signature",
    ]
    device = document["paths"]["/v1/devices"]["post"]
    assert ("header", "X-Network-Id") in {(one["in"], one["name"]) for one in device["parameters"]}


async def test_answers_are_of_the_shapes_that_the_document_gives(house, document):
    """Answers made over HTTP are held against the schemas by an independent validator."""
    from jsonschema import Draft202012Validator

    network = await house.network()
    made = await house.client(network, "phone-1", location={"latitude": 1, "longitude": 2})
    device = await house.device(network)
    client = house.app.test_client()
    await client.post(
        "/v1/dialog/send",
        headers=bearer(device["auth_token"]),
        json={"device_id": device["device_id"], "message": "tea"},
    )
    base, owner = f"/api/v1/networks/{network['network_id']}", bearer(network["network_token"])
    answers = {
        "NetworkView": await client.get(base, headers=owner),
        "ClientListView": await client.get(f"{base}/clients", headers=owner),
        "ClientView": await client.put(
            "/api/v1/clients/phone-1", headers=bearer(made["client_token"]), json={}
        ),
        "InteractionListView": await client.get(f"{base}/interactions", headers=owner),
        "ReminderListView": await client.get(f"{base}/reminders", headers=owner),
        "CalendarEventListView": await client.get(f"{base}/calendar", headers=owner),
        "ConversationListView": await client.get(f"{base}/conversations", headers=owner),
        "HealthView": await client.get("/api/v1/health"),
        "DeviceStateView": await client.get(f"/v1/devices/{device['device_id']}/state", headers=owner),
        "NetworkApiError": await client.get(base),
        "CompanionApiError": await client.get("/v1/nothing"),
    }
    for name, answer in answers.items():
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        Draft202012Validator(schema).validate(await answer.get_json())
    assert (await answers["InteractionListView"].get_json())["interactions"][0]["actions"] != []
    assert (await answers["ReminderListView"].get_json())["total"] == 1
