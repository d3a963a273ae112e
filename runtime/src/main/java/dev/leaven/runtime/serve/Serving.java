package dev.leaven.runtime.serve;

import dev.leaven.runtime.Check;
import dev.leaven.runtime.export.ModelException;
import dev.leaven.runtime.export.Predictor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * The address and the limits of a served model.
 *
 * <pre>{@code
 * try (PredictionServer server = Serving.usual().port(9000).start(predictor)) {
 *   System.out.println(server.address());
 *   ...
 * }
 * }</pre>
 *
 * @param host the address to listen on; default 127.0.0.1, which only this machine reaches
 * @param port the port, 0 for any that is free; default 8080
 * @param largestRequest the most bytes of a request, at least 1; default 16 MiB
 * @param mostImages the most images of a request, from 1 to 1000; default 32
 * @param mostWaiting the most images that wait in the server before it refuses requests, at least
 *     1; default 256
 * @param mostOfClient the most requests of one client at a time, at least 1; default 16
 */
public record Serving(
    String host, int port, int largestRequest, int mostImages, int mostWaiting, int mostOfClient) {

  /** Checks the ranges. */
  public Serving {
    Check.range("serve", "port", port, 0, 65535);
    Check.atLeast("serve", "largest request", largestRequest, 1);
    Check.range("serve", "most images", mostImages, 1, 1000);
    Check.atLeast("serve", "most waiting", mostWaiting, 1);
    Check.atLeast("serve", "most of a client", mostOfClient, 1);
  }

  /**
   * The defaults: port 8080 of this machine alone, with the usual limits.
   *
   * @return the defaults
   */
  public static Serving usual() {
    return new Serving("127.0.0.1", 8080, 1 << 24, 32, 256, 16);
  }

  /**
   * The same on another address. Everyone who reaches it can use the model; there are no passwords.
   *
   * @param host a name or an address of this machine, for instance 0.0.0.0 for all of them
   * @return new settings
   */
  public Serving host(String host) {
    return new Serving(host, port, largestRequest, mostImages, mostWaiting, mostOfClient);
  }

  /**
   * The same on another port.
   *
   * @param port 0 for any that is free
   * @return new settings
   */
  public Serving port(int port) {
    return new Serving(host, port, largestRequest, mostImages, mostWaiting, mostOfClient);
  }

  /**
   * The same with other limits for a request.
   *
   * @param bytes the most bytes of its body, at least 1
   * @param images the most images in it, from 1 to 1000
   * @return new settings
   */
  public Serving request(int bytes, int images) {
    return new Serving(host, port, bytes, images, mostWaiting, mostOfClient);
  }

  /**
   * The same with other limits for concurrent requests.
   *
   * @param waiting the most images in the server, at least 1
   * @param ofClient the most requests of one client, at least 1
   * @return new settings
   */
  public Serving load(int waiting, int ofClient) {
    return new Serving(host, port, largestRequest, mostImages, waiting, ofClient);
  }

  /**
   * Starts the server.
   *
   * @param predictor computes the predictions; it stays open when the server is closed
   * @return a server that must be closed
   * @throws ModelException when the server cannot listen on the address
   */
  public PredictionServer start(Predictor predictor) {
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
      return new PredictionServer(this, predictor, address);
    } catch (UnknownHostException e) {
      throw new ModelException(
          "serve: there is no address of the name %s; --host is one of this machine's"
              .formatted(host),
          e);
    } catch (BindException e) {
      throw new ModelException(
          "serve: port %d of %s cannot be listened on: %s; choose another with --port"
              .formatted(port, host, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new ModelException("serve: %s:%d: %s".formatted(host, port, e.getMessage()), e);
    }
  }
}
