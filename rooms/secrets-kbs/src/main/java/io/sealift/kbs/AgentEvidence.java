package io.sealift.kbs;

import io.sealift.failure.TransferException;
import io.sealift.wire.TtrpcException;
import io.sealift.wire.guest.AttestationAgent;
import java.io.InterruptedIOException;

/// Evidence that the guest's Attestation Agent gets from the hardware.
public final class AgentEvidence implements Evidence {

  private final AttestationAgent agent;

  public AgentEvidence(AttestationAgent agent) {
    this.agent = agent;
  }

  private interface Question<T> {
    T ask() throws TtrpcException, InterruptedIOException;
  }

  @Override
  public String tee() throws TransferException, InterruptedIOException {
    return ask(agent::teeType);
  }

  @Override
  public byte[] primary(byte[] reportData) throws TransferException, InterruptedIOException {
    return ask(() -> agent.evidence(reportData));
  }

  @Override
  public byte[] additional(byte[] reportData) throws TransferException, InterruptedIOException {
    return ask(() -> agent.additionalEvidence(reportData));
  }

  private static <T> T ask(Question<T> question) throws TransferException, InterruptedIOException {
    try {
      return question.ask();
    } catch (TtrpcException failed) {
      throw TransferException.lasting("attest this machine: " + failed.reason(), failed);
    }
  }
}
