package io.kernelfarm.bootmatrix.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Spreads cells over machines so that all are done soon. A start of a machine costs time and serves as many cells as one
 * likes; so the cells of a start are cut into pieces, each for one machine, and the pieces are dealt out, those that the
 * fewest machines can serve first, and of these the longest first (LPT, Graham 1969), always to whoever is done with it soonest.
 * Small pieces balance well and cost many starts; so several sizes are tried. At last single cells and whole pieces are moved from
 * machines that end late to such as end earlier.
 *
 * <p>A function of what it is given, without chance and without a clock.
 */
public final class Planner {

    /** Into how many pieces a machine's time is divided, to be tried one after another. */
    private static final List<Integer> PIECES = List.of(1, 2, 4);

    /** The same for what a dead machine leaves, when all others have enough to do. */
    private static final List<Integer> SMALL_PIECES = List.of(8);

    /** How often all machines are looked at for moves; few of them find any after that. */
    private static final int ROUNDS = 10;

    /** What part of a start that a move costs in addition it has to win: a start takes room that all could have used. */
    private static final double TOLL = 0.5;

    /** Seconds below which nothing counts as an improvement. */
    private static final double EPSILON = 1e-6;

    private final Map<Start, Group> groups = new LinkedHashMap<>();
    private final List<Load> loads = new ArrayList<>();

    private Planner(List<Post> posts) {
        posts.forEach(post -> loads.add(new Load(post)));
        for (Load load : loads) {
            load.post.up().ifPresent(start -> {
                load.up = group(start);
                load.batches.put(load.up, new ArrayList<>());
            });
            load.post.ahead().forEach(task -> load.add(group(task.start()), task));
        }
    }

    /**
     * Plans {@code tasks}, and what {@code posts} have ahead of them, anew or after something has changed.
     *
     * @param posts the machines that are alive
     * @param tasks that no machine has yet: all of them, or those of a machine that died
     */
    public static Plan plan(List<Post> posts, List<Task> tasks) {
        double fair = fairShare(posts, tasks);
        boolean underWay = posts.stream().anyMatch(post -> !post.ahead().isEmpty());
        Plan best = null;
        for (int pieces : underWay ? SMALL_PIECES : PIECES) {
            Planner planner = new Planner(posts);
            List<Task> impossible = planner.deal(tasks, fair / pieces);
            planner.improve();
            Plan plan = planner.plan(impossible);
            if (best == null || plan.makespan() < best.makespan() - EPSILON) {
                best = plan;
            }
        }
        return best;
    }

    /** What each machine would have to do if all could serve everything. */
    private static double fairShare(List<Post> posts, List<Task> tasks) {
        double seconds = seconds(tasks)
                + tasks.stream()
                        .map(Task::start)
                        .distinct()
                        .mapToDouble(Start::seconds)
                        .sum();
        return Math.max(1, seconds / Math.max(1, posts.size()));
    }

    /** Tasks of one start, and who can serve them. */
    private static final class Group {
        final Start start;
        final List<Load> able;

        Group(Start start, List<Load> able) {
            this.start = start;
            this.able = able;
        }
    }

    /** What a machine is to do. */
    private static final class Load {
        final Post post;
        /** What it was started with and still runs; null if nothing. */
        Group up;

        final Map<Group, List<Task>> batches = new LinkedHashMap<>();
        double end;

        Load(Post post) {
            this.post = post;
            end = post.ready();
        }

        /** Seconds that a start costs here, if there is nothing that needs it yet. */
        double startCost(Group group) {
            return batches.containsKey(group) ? 0 : group.start.seconds();
        }

        /** Seconds that are saved if nothing here needs the start of {@code group} any more. */
        double startSaved(Group group) {
            return group == up ? 0 : group.start.seconds();
        }

        void add(Group group, Task task) {
            end += startCost(group) + task.seconds();
            batches.computeIfAbsent(group, each -> new ArrayList<>()).add(task);
        }

        void remove(Group group, Task task) {
            List<Task> batch = batches.get(group);
            batch.remove(task);
            end -= task.seconds();
            if (batch.isEmpty()) {
                end -= startSaved(group);
                if (group != up) {
                    batches.remove(group);
                }
            }
        }

        /**
         * What it was started with goes first, and what has the shortest task last: if the machine dies late, what is left is
         * short.
         */
        List<Task> inOrder() {
            List<Task> all = new ArrayList<>();
            batches.entrySet().stream()
                    .filter(batch -> !batch.getValue().isEmpty())
                    .sorted(Comparator.comparing((Map.Entry<Group, List<Task>> batch) -> batch.getKey() != up)
                            .thenComparingDouble(batch -> -shortest(batch.getValue())))
                    .forEach(batch -> all.addAll(longestFirst(batch.getValue())));
            return all;
        }
    }

    private static double shortest(List<Task> tasks) {
        return tasks.stream().mapToDouble(Task::seconds).min().orElse(0);
    }

    private static List<Task> longestFirst(List<Task> tasks) {
        return tasks.stream()
                .sorted(Comparator.comparingDouble((Task task) -> -task.seconds()))
                .toList();
    }

    private static double seconds(List<Task> tasks) {
        double sum = 0;
        for (Task task : tasks) {
            sum += task.seconds();
        }
        return sum;
    }

    private Group group(Start start) {
        return groups.computeIfAbsent(
                start,
                each -> new Group(
                        each,
                        loads.stream().filter(load -> load.post.serves(each)).toList()));
    }

    /** Tasks of one group that go to one machine. */
    private record Piece(Group group, List<Task> tasks, double seconds) {}

    /** Deals {@code tasks} out in pieces of about {@code size} seconds; returns those that nobody can serve. */
    private List<Task> deal(List<Task> tasks, double size) {
        Map<Group, List<Task>> grouped = new LinkedHashMap<>();
        tasks.forEach(task -> grouped.computeIfAbsent(group(task.start()), group -> new ArrayList<>())
                .add(task));
        List<Task> impossible = new ArrayList<>();
        List<Piece> pieces = new ArrayList<>();
        grouped.forEach((group, all) -> {
            if (group.able.isEmpty()) {
                impossible.addAll(all);
            } else {
                cut(all, size).forEach(piece -> pieces.add(new Piece(group, piece, seconds(piece))));
            }
        });
        pieces.sort(Comparator.comparingInt((Piece piece) -> piece.group().able.size())
                .thenComparingDouble(piece -> -piece.seconds()));
        for (Piece piece : pieces) {
            Load soonest = null;
            double best = Double.MAX_VALUE;
            for (Load load : piece.group().able) {
                // What a start costs is looked up only where it matters.
                if (load.end < best && load.end + load.startCost(piece.group()) < best) {
                    best = load.end + load.startCost(piece.group());
                    soonest = load;
                }
            }
            for (Task task : piece.tasks()) {
                soonest.add(piece.group(), task);
            }
        }
        return impossible;
    }

    /** Deals the tasks of one start, the longest first, into as many pieces as {@code size} asks for. */
    private static List<List<Task>> cut(List<Task> tasks, double size) {
        int count = (int) Math.max(1, Math.min(tasks.size(), Math.ceil(seconds(tasks) / size)));
        List<List<Task>> pieces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pieces.add(new ArrayList<>());
        }
        int next = 0;
        for (Task task : longestFirst(tasks)) {
            pieces.get(next++ % count).add(task);
        }
        return pieces;
    }

    /** Where a move leads. */
    private record Move(Group group, List<Task> tasks, Load to) {}

    /**
     * Moves tasks from machines that end late to such as end earlier. Not only from the last one: where it can give nothing away,
     * because those that could take it end as late, it can once they have given something to others.
     */
    private void improve() {
        List<Load> order = new ArrayList<>(loads);
        boolean moved = true;
        for (int round = 0; moved && round < ROUNDS; round++) {
            moved = false;
            order.sort(Comparator.comparingDouble(load -> -load.end));
            for (Load from : order) {
                for (Move move = bestMove(from); move != null; move = bestMove(from)) {
                    for (Task task : move.tasks()) {
                        from.remove(move.group(), task);
                        move.to().add(move.group(), task);
                    }
                    moved = true;
                }
            }
        }
    }

    /**
     * The move after which the later of both machines ends soonest, starts that it costs or saves taken into account; null if none
     * is better than to leave all as it is.
     */
    private static Move bestMove(Load from) {
        Move best = null;
        double bestEnd = from.end - EPSILON;
        for (Map.Entry<Group, List<Task>> batch : from.batches.entrySet()) {
            Group group = batch.getKey();
            List<Task> all = batch.getValue();
            if (all.isEmpty()) {
                continue;
            }
            double seconds = seconds(all);
            double saved = from.startSaved(group);
            double savedByOne = all.size() == 1 ? saved : 0;
            for (Load to : group.able) {
                if (to == from || to.end >= bestEnd) {
                    continue;
                }
                double cost = to.startCost(group);
                double end = Math.max(from.end - seconds - saved, to.end + cost + seconds) + TOLL * (cost - saved);
                if (end < bestEnd) {
                    bestEnd = end;
                    best = new Move(group, List.copyOf(all), to);
                }
                for (Task task : all) {
                    end = Math.max(from.end - task.seconds() - savedByOne, to.end + cost + task.seconds())
                            + TOLL * (cost - savedByOne);
                    if (end < bestEnd) {
                        bestEnd = end;
                        best = new Move(group, List.of(task), to);
                    }
                }
            }
        }
        return best;
    }

    private Plan plan(List<Task> impossible) {
        return new Plan(
                loads.stream()
                        .map(load -> new Plan.Work(load.post.id(), load.inOrder(), load.end))
                        .toList(),
                impossible);
    }
}
