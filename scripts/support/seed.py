"""The configuration folder of a Home Assistant that is already set up.

Only what is missing is written, so whatever a person changes later stays. The one exception is where Home Assistant
listens, which the command line decides at every start.
"""

from datetime import UTC, datetime
import fcntl
import json
from pathlib import Path
import uuid

from scripts.support.failure import DevelopError
from scripts.support.notes import NOTES_FILE, Notes

REPOSITORY = Path(__file__).parents[2]
LOOPBACK = "127.0.0.1"
OWNER_NAME = "Developer"

# The integrations are listed one by one because default_config needs hosts on the internet, libpcap and go2rtc.
CONFIGURATION = """\
# Written by scripts/develop, and only when it is missing: change what you like.
homeassistant:
  auth_providers:
    # Nobody has to log in from this machine, and Home Assistant listens to no other. Once there is a second user,
    # it asks which one it is.
    - type: trusted_networks
      trusted_networks:
        - 127.0.0.1
        - ::1
      allow_bypass_login: true
    - type: homeassistant

config:
energy:
frontend:
history:
logbook:
my:
sun:
usage_prediction:

logger:
  default: warning
  logs:
    custom_components.amps: info

automation: !include automations.yaml
scene: !include scenes.yaml
script: !include scripts.yaml
"""


def seed(folder: Path, port: int) -> Notes:
    """Make the folder ready for a start and return what earlier starts noted there."""
    if (folder / "configuration.yaml").exists() and not (folder / NOTES_FILE).exists():
        message = (
            f"{folder} holds a Home Assistant that scripts/develop did not set up, and it is left alone: "
            "name another folder with --config."
        )
        raise DevelopError(message)
    _check_not_running(folder / ".ha_run.lock")
    notes = Notes(folder / NOTES_FILE)
    notes.save()
    _write_missing(folder / "configuration.yaml", CONFIGURATION)
    _write_missing(folder / "automations.yaml", "[]\n")
    _write_missing(folder / "scenes.yaml", "[]\n")
    _write_missing(folder / "scripts.yaml", "{}\n")
    _link(folder / "custom_components", REPOSITORY / "custom_components")
    _seed_storage(folder / ".storage", port)
    return notes


def owner_id(folder: Path) -> str:
    """Return the id of the user whom scripts/develop and the browser log in as."""
    users = json.loads((folder / ".storage" / "auth").read_text())["data"]["users"]
    return next(str(user["id"]) for user in users if user["is_owner"])


def _check_not_running(lock: Path) -> None:
    """Refuse a folder whose Home Assistant is running: it would not start twice, and what it wrote is not ours now."""
    if not lock.exists():
        return
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = (
                f"Home Assistant is already running in {lock.parent}: end it, or name another folder with --config."
            )
            raise DevelopError(message) from None


def _seed_storage(storage: Path, port: int) -> None:
    storage.mkdir(exist_ok=True)
    if not (storage / "auth").exists():
        owner = uuid.uuid4().hex
        _store(storage, "auth", _auth(owner))
        _store(storage, "person", _person(owner), version=2)
    if not (storage / "onboarding").exists():
        _store(storage, "onboarding", {"done": ["user", "core_config", "analytics", "integration"]}, version=4)
    if not (storage / "core.config").exists():
        _store(storage, "core.config", _core_config(), minor_version=4)
    if not _listens_at(storage / "http", port):
        _store(storage, "http", _http(port), version=3)


def _auth(owner: str) -> dict[str, object]:
    user = {
        "id": owner,
        "group_ids": ["system-admin"],
        "is_owner": True,
        "is_active": True,
        "name": OWNER_NAME,
        "system_generated": False,
        "local_only": False,
    }
    groups = [
        {"id": "system-admin", "name": "Administrators"},
        {"id": "system-users", "name": "Users"},
        {"id": "system-read-only", "name": "Read Only"},
    ]
    return {"users": [user], "groups": groups, "credentials": [], "refresh_tokens": []}


def _person(owner: str) -> dict[str, object]:
    """Return the person who lets the logbook name the user that caused something."""
    return {"items": [{"id": "developer", "name": OWNER_NAME, "user_id": owner, "device_trackers": []}]}


def _core_config() -> dict[str, object]:
    return {
        "latitude": 51.5074,
        "longitude": -0.1278,
        "elevation": 11,
        "radius": 100,
        "unit_system_v2": "metric",
        "location_name": "Simulated home",
        "time_zone": "Europe/London",
        "external_url": None,
        "internal_url": None,
        "currency": "GBP",
        "country": "GB",
        "language": "en",
    }


def _http(port: int) -> dict[str, object]:
    """Return where to listen as a configuration that is already confirmed.

    The same in YAML would be one that Home Assistant only tries: it takes it back after five minutes and restarts.
    """
    stable = {
        "server_host": [LOOPBACK],
        "server_port": port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": True,
        "ssl_profile": "intermediate_v6",
        "use_x_frame_options": True,
        "created_at": datetime.now(UTC).isoformat(),
        "error": None,
        "error_message": None,
    }
    return {"stable": stable, "pending": None, "yaml_migration_done": True}


def _listens_at(file: Path, port: int) -> bool:
    if not file.exists():
        return False
    data = json.loads(file.read_text())["data"]
    stable = data["stable"]
    return data["pending"] is None and (stable.get("server_host"), stable["server_port"]) == ([LOOPBACK], port)


def _store(storage: Path, key: str, data: dict[str, object], *, version: int = 1, minor_version: int = 1) -> None:
    """Write a file the way Home Assistant keeps it: an envelope around the data, for the owner's eyes only."""
    envelope = {"version": version, "minor_version": minor_version, "key": key, "data": data}
    file = storage / key
    file.touch(mode=0o600)
    file.write_text(json.dumps(envelope, indent=2))


def _write_missing(file: Path, text: str) -> None:
    if not file.exists():
        file.write_text(text)


def _link(link: Path, target: Path) -> None:
    """Make the integration of this work tree the one that runs, also after either folder was moved."""
    if link.is_symlink():
        if link.readlink() == target:
            return
        link.unlink()
    elif link.exists():
        message = f"{link} is in the way: it has to be a link to {target}. Move it and run this again."
        raise DevelopError(message)
    link.symlink_to(target)
