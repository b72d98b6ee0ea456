"""The response of an action: what became of each of its devices (design §6)."""

from collections.abc import Mapping

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.json import JsonObjectType

from ..const import DOMAIN


def build_response(
    call: ServiceCall,
    results: Mapping[str, JsonObjectType],
    errors: Mapping[str, HomeAssistantError],
    *,
    empty: JsonObjectType,
) -> ServiceResponse:
    """Return what became of each device, by the id of Home Assistant's; `empty` is what a failure has for a result.

    Raises one error that names every failure when no response was asked for, or when nothing went well.
    """
    if errors and not (call.return_response and results):
        raise _as_one(list(errors.values()))
    if not call.return_response:
        return None
    succeeded: JsonObjectType = {id_: {"ok": True, "error": None, **result} for id_, result in results.items()}
    failed: JsonObjectType = {
        id_: {"ok": False, **empty, "error": {"code": error_code(err), "message": str(err)}}
        for id_, err in errors.items()
    }
    return {"devices": {**succeeded, **failed}}


def _as_one(errors: list[HomeAssistantError]) -> HomeAssistantError:
    if len(errors) == 1:
        return errors[0]
    only_wrong_use = all(isinstance(err, ServiceValidationError) for err in errors)
    kind = ServiceValidationError if only_wrong_use else HomeAssistantError
    return kind(
        translation_domain=DOMAIN,
        translation_key="several_failed",
        translation_placeholders={"errors": " ".join(str(err) for err in errors)},
    )


def error_code(err: HomeAssistantError) -> str:
    """Return Amps' own code where Amps refused, else the key of our message."""
    return (err.translation_placeholders or {}).get("code") or err.translation_key or "unknown"
