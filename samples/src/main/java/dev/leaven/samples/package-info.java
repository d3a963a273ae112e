/** Tools that prepare the data of the samples. They use nothing but the Java platform. */
package dev.leaven.samples;
