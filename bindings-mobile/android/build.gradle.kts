// The AAR. Not built yet by anybody: README.md.
plugins {
    id("com.android.library") version "8.13.0"
    id("org.jetbrains.kotlin.android") version "2.4.21"
}

android {
    namespace = "bareme"
    compileSdk = 36
    defaultConfig {
        minSdk = 24
        consumerProguardFiles("consumer-rules.pro")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    sourceSets["main"].apply {
        // Kotlin's own layer, and what `cargo xtask mobile` writes from the library.
        kotlin.srcDirs("../kotlin/src/main/kotlin", "../kotlin/generated/kotlin")
        // A folder for each ABI: arm64-v8a/libbareme_mobile.so …
        jniLibs.srcDirs("jniLibs")
    }
}

kotlin {
    jvmToolchain(17)
}

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.11.0")
    implementation("net.java.dev.jna:jna:5.19.1@aar")
}
