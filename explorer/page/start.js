window.mufakat.start();
