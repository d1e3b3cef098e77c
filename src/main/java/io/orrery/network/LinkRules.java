package io.orrery.network;

import io.orrery.protocol.Message;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All rules of one directed link: a general rule, and special rules for some messages. A special rule overrides only
 * what it sets: rules for a kind override the general rule, rules for a key override those, and rules for kind and key
 * override all. Immutable.
 */
final class LinkRules {
    /** The limit of special rules on one link, since each message is compared with all of them. */
    static final int MOST_SPECIAL = 100;

    private final LinkRule general;
    private final SortedMap<Selector, LinkChange> special;

    LinkRules(LinkRule general) {
        this(general, new TreeMap<>());
    }

    private LinkRules(LinkRule general, SortedMap<Selector, LinkChange> special) {
        this.general = general;
        this.special = Collections.unmodifiableSortedMap(special);
    }

    LinkRule general() {
        return general;
    }

    /** The special rules, the most special first. */
    SortedMap<Selector, LinkChange> special() {
        return special;
    }

    /** The rule for a message. */
    LinkRule of(Message message) {
        return special.isEmpty() ? general : ofSpecial(message);
    }

    private LinkRule ofSpecial(Message message) {
        LinkChange change = LinkChange.NOTHING;
        for (Map.Entry<Selector, LinkChange> entry : special.entrySet()) {
            if (entry.getKey().matches(message)) {
                change = entry.getValue().then(change);
            }
        }
        return change.applyTo(general);
    }

    /**
     * Changes the rule for these messages, where the change sets something.
     *
     * @throws IllegalArgumentException if there are too many special rules
     */
    LinkRules with(Selector selector, LinkChange change) {
        if (selector.isAll()) {
            return new LinkRules(change.applyTo(general), special);
        }
        SortedMap<Selector, LinkChange> changed = new TreeMap<>(special);
        changed.merge(selector, change, LinkChange::then);
        if (changed.size() > MOST_SPECIAL) {
            throw new IllegalArgumentException("a link has at most " + MOST_SPECIAL
                    + " rules for single keys or kinds, and one has as many already: change one of those, or give a rule for"
                    + " all messages");
        }
        return new LinkRules(general, changed);
    }

    /** The rules without cuts. A special rule that only cut is removed. */
    LinkRules healed() {
        SortedMap<Selector, LinkChange> changed = new TreeMap<>();
        special.forEach((selector, change) -> {
            LinkChange rest = change.withoutCut();
            if (!rest.equals(LinkChange.NOTHING)) {
                changed.put(selector, rest);
            }
        });
        return new LinkRules(general.withCut(false), changed);
    }

    /** The messages that are cut, as selectors. */
    Set<Selector> cuts() {
        Set<Selector> cuts = new TreeSet<>();
        if (general.cut()) {
            cuts.add(Selector.ALL);
        }
        special.forEach((selector, change) -> {
            if (change.cut().orElse(false)) {
                cuts.add(selector);
            }
        });
        return cuts;
    }
}
