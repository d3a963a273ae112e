@file:JvmName("ModelNames")

package dev.leaven.dsl

import dev.leaven.runtime.models.ConvNeXtTiny
import dev.leaven.runtime.models.MobileNetV2
import dev.leaven.runtime.models.ResNet
import dev.leaven.runtime.models.XResNet

/**
 * XResNet with 18 layers: for small images and first tries.
 *
 * ```kotlin
 * resize(128).model(xresnet18())
 * ```
 */
public fun xresnet18(): XResNet = XResNet(18)

/** XResNet with 34 layers. */
public fun xresnet34(): XResNet = XResNet(34)

/** XResNet with 50 layers: the default. */
public fun xresnet50(): XResNet = XResNet(50)

/** XResNet with 101 layers. */
public fun xresnet101(): XResNet = XResNet(101)

/** ResNet with 18 layers, as in torchvision. */
public fun resnet18(): ResNet = ResNet(18)

/** ResNet with 34 layers, as in torchvision. */
public fun resnet34(): ResNet = ResNet(34)

/** ResNet with 50 layers, as in torchvision. */
public fun resnet50(): ResNet = ResNet(50)

/** ResNet with 101 layers, as in torchvision. */
public fun resnet101(): ResNet = ResNet(101)

/** ResNet with 152 layers, as in torchvision. */
public fun resnet152(): ResNet = ResNet(152)

/** ResNeXt with 50 layers and 32 groups of 4 channels, as in torchvision. */
public fun resnext50(): ResNet = ResNet.resnext50()

/** MobileNetV2, as in torchvision: few multiplications, for small devices. */
public fun mobilenetV2(): MobileNetV2 = MobileNetV2()

/** ConvNeXt-Tiny, as in torchvision: for weights that are trained already. */
public fun convnextTiny(): ConvNeXtTiny = ConvNeXtTiny()
