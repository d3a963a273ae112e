package dev.leaven.runtime.internal.tensorflow;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.TensorFlow;
import org.tensorflow.internal.c_api.TFE_Context;
import org.tensorflow.internal.c_api.TFE_ContextOptions;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;

/**
 * A device that TensorFlow can compute on.
 *
 * @param name the name of the device, for instance {@code /device:CPU:0}
 * @param type {@code CPU} or {@code GPU}
 * @param memoryBytes the most memory that TensorFlow would take; for a CPU the number has no
 *     meaning
 */
public record Device(String name, String type, long memoryBytes) {

  /**
   * All devices of this machine that TensorFlow finds. The call starts TensorFlow.
   *
   * @return the CPU first
   * @throws LinkageError when there is no native library of TensorFlow for this machine on the
   *     class path
   */
  public static List<Device> all() {
    // Loads the native library, with an error message of its own where there is none.
    TensorFlow.version();
    try (PointerScope scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      TFE_ContextOptions options = TFE_ContextOptions.newContextOptions();
      TFE_Context context = TFE_Context.newContext(options, status);
      status.throwExceptionIfNotOK();
      TF_DeviceList list = tensorflow.TFE_ContextListDevices(context, status);
      status.throwExceptionIfNotOK();
      try {
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < tensorflow.TF_DeviceListCount(list); i++) {
          String name = tensorflow.TF_DeviceListName(list, i, status).getString();
          devices.add(
              new Device(
                  name.substring(name.indexOf("/device:")),
                  tensorflow.TF_DeviceListType(list, i, status).getString(),
                  tensorflow.TF_DeviceListMemoryBytes(list, i, status)));
        }
        return devices;
      } finally {
        tensorflow.TF_DeleteDeviceList(list);
      }
    }
  }
}
