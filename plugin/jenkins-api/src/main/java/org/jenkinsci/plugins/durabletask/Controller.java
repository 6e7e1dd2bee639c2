package org.jenkinsci.plugins.durabletask;

import java.io.Serializable;

public abstract class Controller implements Serializable {
    Controller() {}
}
