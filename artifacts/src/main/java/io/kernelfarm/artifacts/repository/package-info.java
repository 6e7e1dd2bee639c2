/** What apt and dnf repositories share: channels, the lock, the pool. */
package io.kernelfarm.artifacts.repository;
