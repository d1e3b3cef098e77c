package io.orrery.protocol.raft;

import io.orrery.protocol.ProtocolType;
import io.orrery.testkit.protocol.ProtocolContract;

/** Raft keeps the contract of every protocol. Older copies of disks and twins are beyond what it promises. */
class RaftContractTest extends ProtocolContract {
    @Override
    protected ProtocolType type() {
        return RaftProtocol.TYPE;
    }
}
