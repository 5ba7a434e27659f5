"""An encrypted kernel as jupyter_client starts it; a client without the keys is turned away on every channel."""

import sys

import zmq
from jupyter_client.manager import KernelManager
from zmq.utils.monitor import recv_monitor_message

FAILURES = {
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL,
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL,
    zmq.EVENT_HANDSHAKE_FAILED_AUTH,
}


def handshake(kind, address, configure=lambda socket: None):
    """How a client's first contact ends."""
    with zmq.Context() as context, context.socket(kind) as socket:
        socket.linger = 0
        monitor = socket.get_monitor_socket()
        configure(socket)
        socket.connect(address)
        while monitor.poll(20_000):
            event = recv_monitor_message(monitor)["event"]
            if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
                return "succeeded"
            if event in FAILURES or event == zmq.EVENT_DISCONNECTED:
                return "failed"
        return "nothing"


manager = KernelManager(kernel_name="gradbook", transport_encryption="required")
manager.start_kernel()
try:
    assert manager.curve_publickey, "jupyter_client has made keys"
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    reply = client.execute_interactive("6 * 7", timeout=60)
    assert reply["content"]["status"] == "ok", reply
    client.hb_channel.unpause()
    assert client.hb_channel.is_beating(), "the heart beats"

    def with_keys(socket):
        socket.curve_publickey = manager.curve_publickey
        socket.curve_secretkey = manager.curve_secretkey
        socket.curve_serverkey = manager.curve_publickey

    def with_wrong_server_key(socket):
        with_keys(socket)
        socket.curve_serverkey = zmq.curve_keypair()[0]

    kinds = {"shell": zmq.DEALER, "control": zmq.DEALER, "stdin": zmq.DEALER, "iopub": zmq.SUB, "hb": zmq.REQ}
    for channel, kind in kinds.items():
        address = f"tcp://{manager.ip}:{getattr(manager, channel + '_port')}"
        assert handshake(kind, address, with_keys) == "succeeded", channel
        assert handshake(kind, address) == "failed", channel
        assert handshake(kind, address, with_wrong_server_key) == "failed", channel
    reply = client.execute_interactive("6 * 7", timeout=60)
    assert reply["content"]["status"] == "ok", reply
    client.stop_channels()
finally:
    manager.shutdown_kernel(now=False)
print("as expected", file=sys.stderr)
