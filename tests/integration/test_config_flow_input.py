"""What is typed into the dialog: keys and URLs that are refused before anything is sent."""

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from .flow import start, submit
from .mocked_service import listing, mock_service


@pytest.mark.parametrize("key", ["", "   ", "sk_live_\x00", "sk_live_\nx-evil: 1", "sk_live_ключ"])
async def test_what_cannot_be_a_key_is_not_sent(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, key: str
) -> None:
    form = await submit(hass, await start(hass, "api_key"), api_key=key)
    assert form["errors"] == {"base": "invalid_auth"}
    assert not aioclient_mock.mock_calls


@pytest.mark.parametrize(
    "url",
    [
        "amps.test",
        "ftp://amps.test",
        "http://",
        "http://amps.test/?x=1",
        "http://amps.test/?",
        "http://amps.test/#",
        "http://user:secret@amps.test",
        "http://amps.test:0",
        "http://amps test",
        "http://amps.test/a\r\nX-Evil: 1",
        "http://[",
        "",
    ],
)
async def test_what_cannot_be_a_service_is_not_asked(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, url: str
) -> None:
    form = await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced={"url": url})
    assert form["errors"] == {"base": "invalid_url"}
    assert not aioclient_mock.mock_calls


@pytest.mark.parametrize(
    "url",
    [
        "http://amps.test",
        "HTTP://AMPS.TEST",
        "http://api.amps.ai",
        "http://8.8.8.8",
        "http://127.0.0.1.amps.test",
        "http://127.0.0.1.",
        "http://notlocalhost",
        "http://localhost.amps.test",
        "http://amps",
        "http://134744072",
        "http://2130706433",
        "http://0x7f000001",
        "http://0177.0.0.1",
        "http://0.0.0.0",
        "http://100.64.0.1",
        "http://172.32.0.1",
        "http://[2001:4860:4860::8888]",
        "http://[::ffff:8.8.8.8]",
        "http://%6cocalhost",
    ],
)
async def test_a_key_is_not_sent_unencrypted_beyond_the_own_network(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, url: str
) -> None:
    form = await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced={"url": url})
    assert form["errors"] == {"base": "insecure_url"}
    assert not aioclient_mock.mock_calls


@pytest.mark.parametrize(
    "url",
    [
        "https://amps.test",
        "https://[2001:4860:4860::8888]",
        "http://127.0.0.1:8124",
        "http://127.8.8.8",
        "http://localhost",
        "http://LOCALHOST.",
        "http://amps.localhost",
        "http://[::1]:8124",
        "http://10.1.2.3",
        "http://172.31.255.255",
        "http://192.168.1.2",
        "http://169.254.1.2",
        "http://[fd00::1]",
        "http://[fe80::1]",
        "http://[::ffff:192.168.1.2]",
        "http://amps.local",
        "http://amps.home.arpa",
        "http://amps.internal",
    ],
)
async def test_a_key_may_be_sent_encrypted_anywhere_and_else_in_the_own_network(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, url: str
) -> None:
    mock_service(aioclient_mock, listing("device_1"), url)
    result = await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced={"url": url})
    assert result["type"] is FlowResultType.CREATE_ENTRY
