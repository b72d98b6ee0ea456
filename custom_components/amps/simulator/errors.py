"""The errors of the API: codes, and the details of each (api §8)."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, StrEnum

from .wire import JSON, JSONObject


class ErrorCode(Enum):
    """The error codes, with their usual HTTP status and their message."""

    # The platform's codes (api §8.1).
    UNAUTHORIZED = (401, "An API key is required.")
    INVALID_API_KEY = (401, "The API key is not valid.")
    EXPIRED_TOKEN = (401, "The API key has expired.")
    RATE_LIMIT_EXCEEDED = (429, "Too many requests.")
    INSUFFICIENT_PERMISSIONS = (403, "The API key lacks the permission for this request.")
    LIVE_ACCESS_DISABLED = (403, "Live access is not enabled for this account.")
    DEVICE_NOT_FOUND = (404, "There is no such device.")
    NOT_FOUND = (404, "There is no such resource.")
    CONFLICT = (409, "Another action of this device is not finished.")
    ACTION_NOT_CANCELLABLE = (409, "Only a scheduled action can be cancelled.")
    VALIDATION_ERROR = (400, "The request is not valid.")
    UNSUPPORTED_MODE = (422, "The device does not support this command.")
    UNSUPPORTED_PARAMETER = (422, "The device does not support this parameter.")
    UNSUPPORTED_UNIT = (422, "The parameter is declared in another unit.")
    PARAMETER_OUT_OF_RANGE = (422, "The parameter is outside its declared range.")
    EXECUTION_NOT_SUPPORTED = (422, "The command cannot be executed in this shape.")
    STRATEGY_NOT_SUPPORTED = (422, "The device does not support this way of handling a conflict.")
    START_IN_PAST = (422, "The start must be in the future.")
    START_OUT_OF_RANGE = (422, "The start is more than 30 days ahead.")
    INVALID_TIME_WINDOW = (422, "Start and end do not form a valid window.")
    DIRECT_ACTION_UNSUPPORTED = (422, "Devices of this type take no commands.")
    COMMAND_NOT_SUPPORTED = (422, "Commands to devices of this type are not available yet.")
    UNSUPPORTED_SETTING = (422, "The device does not have this setting.")
    READ_ONLY_SETTING = (422, "The setting can only be read.")
    SETTING_OUT_OF_RANGE = (422, "The setting is outside its declared range.")
    NOT_IMPLEMENTED = (501, "Schedules are not available yet.")
    INTERNAL_ERROR = (500, "Something went wrong.")
    SERVICE_UNAVAILABLE = (503, "The service is not available at the moment.")
    # The manufacturers' codes (api §8.2). Where none has a documented status, it is 422.
    INVALID_CREDENTIALS = (401, "The manufacturer refused the stored credentials.")
    INVALID_MFA_CODE = (403, "The manufacturer refused the code.")
    MFA_REQUIRED = (403, "The manufacturer wants a second factor.")
    ACCOUNT_LOCKED = (403, "The account is locked at the manufacturer.")
    UNSUPPORTED_CREDENTIAL_TYPE = (400, "The manufacturer does not take such credentials.")
    UNSUPPORTED_AUTH_PATH = (400, "The manufacturer does not offer this way of signing in.")
    CREDENTIAL_NOT_FOUND = (404, "No credentials are stored for the device.")
    DEVICE_OFFLINE = (422, "The device is offline at the manufacturer.")
    NETWORK_ERROR = (503, "The manufacturer could not be reached.")
    RATE_LIMITED = (503, "The manufacturer limits requests.")
    TIMEOUT = (503, "The manufacturer did not answer in time.")
    UNKNOWN_ERROR = (503, "The manufacturer answered with an unknown error.")
    SCHEDULER_ACTIVE = (422, "The device's own scheduler is active.")

    @property
    def status(self) -> int:
        """Return the HTTP status."""
        return self.value[0]

    @property
    def message(self) -> str:
        """Return the message, which is informative only."""
        return self.value[1]


TRANSIENT = (
    ErrorCode.NETWORK_ERROR,
    ErrorCode.RATE_LIMITED,
    ErrorCode.SERVICE_UNAVAILABLE,
    ErrorCode.TIMEOUT,
    ErrorCode.UNKNOWN_ERROR,
)
"""The manufacturers' errors after which a later request may succeed (api §8.2)."""

PERMANENT = (
    ErrorCode.DEVICE_OFFLINE,
    ErrorCode.DEVICE_NOT_FOUND,
    ErrorCode.INVALID_CREDENTIALS,
    ErrorCode.INVALID_API_KEY,
    ErrorCode.INVALID_MFA_CODE,
    ErrorCode.MFA_REQUIRED,
    ErrorCode.ACCOUNT_LOCKED,
    ErrorCode.UNSUPPORTED_CREDENTIAL_TYPE,
    ErrorCode.UNSUPPORTED_AUTH_PATH,
    ErrorCode.CREDENTIAL_NOT_FOUND,
)
"""The manufacturers' errors that last until somebody resolves them (api §8.2)."""


class Reason(StrEnum):
    """The rules that a start or an end can break (api §15.3 #31)."""

    INVALID_FORMAT = "invalid_format"
    OFFSET_NOT_ALLOWED = "offset_not_allowed"
    END_WITHOUT_START = "end_without_start"
    END_NOT_AFTER_START = "end_not_after_start"
    END_OUT_OF_RANGE = "end_out_of_range"
    RELATIVE_END_NOT_ALLOWED = "relative_end_not_allowed"


class ApiError(Exception):
    """An error that a request is answered with."""

    def __init__(
        self,
        code: ErrorCode,
        details: JSONObject | None = None,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Create an error with the usual status of its code, unless another one is given."""
        self.code = code
        self.status = code.status if status is None else status
        self.details = details
        self.headers = {} if headers is None else headers
        super().__init__(f"{self.status} {code.name}")


def describe(code: str) -> str:
    """Return the message of a code, also of one that the catalogue does not have."""
    known = ErrorCode.__members__.get(code)
    return "The manufacturer refused the command." if known is None else known.message


def validation_error(*issues: tuple[str, str]) -> ApiError:
    """Return the error of a malformed request (api §15.1 #3); an issue is a path and a message."""
    listed: Sequence[JSON] = [{"path": path, "message": message} for path, message in issues]
    return ApiError(ErrorCode.VALIDATION_ERROR, {"issues": listed})


def unsupported_mode(supported: Iterable[str]) -> ApiError:
    """Return the error of a command that the device does not declare."""
    return ApiError(ErrorCode.UNSUPPORTED_MODE, {"deviceCapabilities": {"supportedModes": list(supported)}})


def unsupported_parameters(names: Iterable[str], supported: Iterable[str]) -> ApiError:
    """Return the error of parameters that the command does not declare."""
    return ApiError(
        ErrorCode.UNSUPPORTED_PARAMETER,
        {"unsupportedParameters": list(names), "deviceCapabilities": {"supportedParameters": list(supported)}},
    )


def unsupported_unit(name: str, provided: str, supported: str) -> ApiError:
    """Return the error of a unit other than the declared one."""
    return ApiError(
        ErrorCode.UNSUPPORTED_UNIT, {"parameter": name, "providedUnit": provided, "supportedUnits": [supported]}
    )


def out_of_range(code: ErrorCode, name: str, value: float, bounds: tuple[float, float], unit: str) -> ApiError:
    """Return the error of a parameter or a setting outside its bounds."""
    low, high = bounds
    return ApiError(code, {"parameter": name, "value": value, "min": low, "max": high, "unit": unit})


def execution_not_supported(requested: str, supported: Iterable[str]) -> ApiError:
    """Return the error of a form of execution (api §6.3)."""
    return ApiError(
        ErrorCode.EXECUTION_NOT_SUPPORTED, {"requestedExecution": requested, "supportedExecution": list(supported)}
    )


def strategy_not_supported(requested: str, supported: Iterable[str]) -> ApiError:
    """Return the error of an `onConflict` that the device does not declare (api §15.1 #12)."""
    return ApiError(ErrorCode.STRATEGY_NOT_SUPPORTED, {"onConflict": requested, "conflictStrategies": list(supported)})


def invalid_time_window(reason: Reason) -> ApiError:
    """Return the error of a start or an end (api §15.3 #31)."""
    return ApiError(ErrorCode.INVALID_TIME_WINDOW, {"reason": reason.value})
