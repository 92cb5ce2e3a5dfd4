package io.sealift.wire.guest;

import io.sealift.wire.TtrpcException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Asks a guest's Attestation Agent. Immutable and thread-safe; connects for each call.
public final class AttestationAgent {

  /// Where guests have its socket.
  public static final Path SOCKET =
      Path.of("/run/confidential-containers/attestation-agent/attestation-agent.sock");

  public static final String SERVICE = "attestation_agent.AttestationAgentService";
  public static final String GET_EVIDENCE = "GetEvidence";
  public static final String GET_ADDITIONAL_EVIDENCE = "GetAdditionalEvidence";
  public static final String GET_TOKEN = "GetToken";
  public static final String EXTEND_RUNTIME_MEASUREMENT = "ExtendRuntimeMeasurement";
  public static final String BIND_INIT_DATA = "BindInitData";
  public static final String GET_TEE_TYPE = "GetTeeType";
  public static final String GET_ADDITIONAL_TEES = "GetAdditionalTees";

  private static final byte[] NOTHING = {};

  private final Endpoint endpoint;

  public AttestationAgent(Path socket, Duration timeout) {
    endpoint = new Endpoint(socket, timeout);
  }

  /// What kind of confidential machine this is: `snp`, `tdx`, `sample`, …
  public String teeType() throws TtrpcException, InterruptedIOException {
    return endpoint.call(
        SERVICE, GET_TEE_TYPE, NOTHING, answer -> Messages.text("GetTeeTypeResponse", answer));
  }

  /// The kinds of devices that can attest besides.
  public List<String> additionalTees() throws TtrpcException, InterruptedIOException {
    return endpoint.call(
        SERVICE,
        GET_ADDITIONAL_TEES,
        NOTHING,
        answer -> Messages.texts("GetAdditionalTeesResponse", answer));
  }

  /// Evidence of this machine's state that names the given data.
  ///
  /// @param runtimeData 64 bytes at most on most machines
  /// @return JSON
  public byte[] evidence(byte[] runtimeData) throws TtrpcException, InterruptedIOException {
    return evidence(GET_EVIDENCE, runtimeData);
  }

  /// Evidence of the devices' state.
  ///
  /// @return JSON, an object by kind of device; empty when there is none
  public byte[] additionalEvidence(byte[] runtimeData)
      throws TtrpcException, InterruptedIOException {
    return evidence(GET_ADDITIONAL_EVIDENCE, runtimeData);
  }

  private byte[] evidence(String method, byte[] runtimeData)
      throws TtrpcException, InterruptedIOException {
    return endpoint.call(
        SERVICE,
        method,
        Messages.ofBytes(runtimeData),
        answer -> Messages.bytes("GetEvidenceResponse", answer));
  }

  /// A token of the key broker, or of the attestation service.
  ///
  /// @param type `kbs` or `coco_as`
  /// @return JSON; secret, the caller owns it
  public byte[] token(String type) throws TtrpcException, InterruptedIOException {
    return endpoint.call(
        SERVICE,
        GET_TOKEN,
        Messages.ofText(type),
        answer -> Messages.bytes("GetTokenResponse", answer));
  }

  /// Writes an event into the guest's log.
  public Measurement.Result extend(Measurement measurement)
      throws TtrpcException, InterruptedIOException {
    return endpoint.call(
        SERVICE,
        EXTEND_RUNTIME_MEASUREMENT,
        measurement.encode(),
        answer ->
            Measurement.Result.of(Messages.number("ExtendRuntimeMeasurementResponse", answer)));
  }
}
