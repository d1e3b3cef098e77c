package io.orrery.launch;

import static io.orrery.launch.TestCluster.A;
import static io.orrery.launch.TestCluster.B;

import io.orrery.protocol.Promises;
import io.orrery.protocol.Protocols;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Protocols that {@link FailuresTest} leaves out, on real nodes: while clients write and read, the node that leads, if one
 * does, is killed and comes back, and a link to it is cut and healed. All protocols are held to their
 * promises in the simulation, under more than that.
 */
@Tag("process")
@Timeout(300)
@EnabledOnOs({OS.LINUX, OS.MAC})
class MoreProtocolsTest {
    @RegisterExtension
    private final TestNodes tests = new TestNodes();

    @ParameterizedTest
    @ValueSource(strings = {"cops", "primary-linearizable", "abd", "total-order"})
    void keepsItsPromisesOnNodesThatFail(String protocol) throws Exception {
        Promises promises = Protocols.named(protocol).promises();
        TestCluster cluster = TestCluster.start(tests, protocol, TestCluster.IMPATIENT);
        Load load = new Load(cluster, promises.moving());
        try (Load running = load) {
            running.awaitMore();
            cluster.node(A).kill();
            cluster.node(A).start();
            cluster.awaitWhole();
            running.awaitMore();
            cluster.cut(B, A);
            running.awaitReads();
            cluster.heal();
            running.awaitMore();
        }
        Evidence.judge(load.history(), cluster.awaitAgreement(), promises, tests.directory());
    }
}
