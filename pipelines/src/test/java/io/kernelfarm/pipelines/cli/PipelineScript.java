package io.kernelfarm.pipelines.cli;

import groovy.lang.Binding;
import groovy.lang.Closure;
import groovy.lang.GroovyShell;
import groovy.lang.MissingPropertyException;
import groovy.lang.Script;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.codehaus.groovy.control.CompilerConfiguration;

/**
 * Runs a declarative Jenkinsfile by Groovy alone: every word with a block runs its block, every other one is written down. What Jenkins makes
 * of it beyond that is for a real Jenkins to say.
 */
public abstract class PipelineScript extends Script {

    /**
     * A step that would have been taken.
     *
     * @param stage the innermost one
     * @param agent label of the agent that it would run on; empty for none
     * @param post whether it belongs to what comes after a stage, whatever became of it
     * @param arguments as Groovy has them: texts, or maps with what is named
     */
    record Step(String stage, String agent, boolean post, String name, List<Object> arguments) {
        /** A named argument, or the only one. */
        String argument(String key) {
            return arguments.get(0) instanceof Map<?, ?> named
                    ? String.valueOf(named.get(key))
                    : String.valueOf(arguments.get(0));
        }
    }

    /** Leaves a stage that its {@code when} does not want. */
    private static final class NotWanted extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final List<Step> steps = new ArrayList<>();
    private final List<String> stages = new ArrayList<>(List.of(""));
    private final List<String> agents = new ArrayList<>(List.of(""));
    private int posts;
    private String said = "";

    /**
     * The steps of {@code text}, branch after branch.
     *
     * @param parameters of the build
     * @param said what a step {@code farm} returns whose output is asked for
     */
    static List<Step> run(String text, Map<String, Object> parameters, String said) {
        CompilerConfiguration configuration = new CompilerConfiguration();
        configuration.setScriptBaseClass(PipelineScript.class.getName());
        Binding binding = new Binding();
        binding.setVariable("params", parameters);
        binding.setVariable("env", new HashMap<>(Map.of("BRANCH_NAME", "main")));
        PipelineScript script = (PipelineScript) new GroovyShell(binding, configuration).parse(text, "Jenkinsfile");
        script.said = said;
        script.run();
        return script.steps;
    }

    @Override
    public Object getProperty(String name) {
        try {
            return super.getProperty(name);
        } catch (MissingPropertyException e) {
            return name; // Words of the language, such as none.
        }
    }

    @Override
    public Object invokeMethod(String name, Object argument) {
        List<Object> arguments = new ArrayList<>(Arrays.asList((Object[]) argument));
        Closure<?> block =
                !arguments.isEmpty() && arguments.get(arguments.size() - 1) instanceof Closure<?> last ? last : null;
        if (name.equals("agent")) {
            agents.set(agents.size() - 1, block == null ? "" : String.valueOf(block.call()));
            return null;
        }
        if (name.equals("label")) {
            return arguments.get(0);
        }
        if (block == null) {
            steps.add(new Step(last(stages), last(agents), posts > 0, name, arguments));
            return switch (name) {
                case "sh" -> "20260102T030405Z-abcdef\n";
                case "farm" -> said;
                default -> null;
            };
        }
        if (name.equals("input") || name.equals("dir")) {
            steps.add(
                    new Step(last(stages), last(agents), posts > 0, name, arguments.subList(0, arguments.size() - 1)));
        }
        boolean stage = name.equals("stage");
        if (stage) {
            stages.add(String.valueOf(arguments.get(0)));
            agents.add(last(agents));
        }
        posts += name.equals("post") ? 1 : 0;
        try {
            if (block.call() instanceof Boolean wanted && !wanted && name.equals("expression")) {
                throw new NotWanted();
            }
        } catch (NotWanted e) {
            if (!stage) {
                throw e;
            }
        }
        posts -= name.equals("post") ? 1 : 0;
        if (stage) {
            stages.remove(stages.size() - 1);
            agents.remove(agents.size() - 1);
        }
        return null;
    }

    private static String last(List<String> all) {
        return all.get(all.size() - 1);
    }
}
