package io.jenkins.plugins.kernelfarm.step;

import hudson.EnvVars;
import hudson.Util;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * One call of the program, as a job has it: what Pipeline steps and freestyle builders have in common. Kept with a running
 * Pipeline, so it is a plain class (Pipelines cannot read records back) and has ids of credentials and no secrets.
 */
final class FarmCall implements Serializable {
    private static final long serialVersionUID = 1;

    /** Names what belongs to this call on the agent. */
    private final String id = UUID.randomUUID().toString();

    private final String program;
    private final String verb;
    private final ArrayList<String> arguments;
    private final KernelFailure kernelFailure;
    private final String signingKey;
    private final ArrayList<FarmSecret> secrets;

    private FarmCall(
            String program,
            String verb,
            List<String> arguments,
            KernelFailure kernelFailure,
            String signingKey,
            List<FarmSecret> secrets) {
        this.program = program;
        this.verb = verb;
        this.arguments = new ArrayList<>(arguments);
        this.kernelFailure = kernelFailure;
        this.signingKey = signingKey;
        this.secrets = new ArrayList<>(secrets);
    }

    static FarmCall of(FarmStep step) {
        return new FarmCall(
                step.getProgram(),
                step.getVerb(),
                List.of(Util.tokenize(step.getArgs())),
                KernelFailure.of(step.getKernelFailure()),
                step.getSigningKey(),
                step.getSecrets());
    }

    /** Arguments are separated before variables are expanded, so that a value cannot bring in further arguments. */
    static FarmCall of(FarmBuilder builder, EnvVars variables) {
        List<String> arguments = new ArrayList<>();
        for (String argument : Util.tokenize(builder.getArgs())) {
            arguments.add(variables.expand(argument));
        }
        return new FarmCall(
                variables.expand(builder.getProgram()),
                variables.expand(builder.getVerb()),
                arguments,
                KernelFailure.of(builder.getKernelFailure()),
                builder.getSigningKey(),
                builder.getSecrets());
    }

    String id() {
        return id;
    }

    /** Path or name of a program on the agent; empty for the one that the plugin brings. */
    String program() {
        return program;
    }

    KernelFailure kernelFailure() {
        return kernelFailure;
    }

    /** Id of a credential; empty if nothing is signed with one. */
    String signingKey() {
        return signingKey;
    }

    List<FarmSecret> secrets() {
        return secrets;
    }

    /** What is started. */
    List<String> command(String launcher) {
        List<String> command = new ArrayList<>(List.of(launcher, verb));
        command.addAll(arguments);
        return command;
    }
}
