package hudson.model;

import hudson.FilePath;

public abstract class Node {
    Node() {}

    public abstract FilePath getRootPath();
}
