const en = {
  title: 'Map',
  sites: 'Sites',
  stations: (n: number) => (n === 1 ? '1 station' : `${n} stations`),
  charging: (n: number) => `${n} charging`,
  wrong: (n: number) => (n === 1 ? '1 needs somebody' : `${n} need somebody`),
  noPlace: 'Without a place on the map',
  noPlaceWhy: 'Give the site its latitude and longitude in the settings.',
  none: 'No site has coordinates yet. Give the first one its latitude and longitude in the settings; the list below works without.',
  map: 'Map of the sites; the list beside it says the same',
  open: 'Its stations',
};
const de: typeof en = {
  title: 'Karte',
  sites: 'Standorte',
  stations: (n) => (n === 1 ? '1 Station' : `${n} Stationen`),
  charging: (n) => `${n} laden`,
  wrong: (n) => (n === 1 ? '1 braucht jemanden' : `${n} brauchen jemanden`),
  noPlace: 'Ohne Ort auf der Karte',
  noPlaceWhy: 'Geben Sie dem Standort in den Einstellungen Breite und Länge.',
  none: 'Noch hat kein Standort Koordinaten. Geben Sie dem ersten in den Einstellungen Breite und Länge; die Liste geht auch ohne.',
  map: 'Karte der Standorte; die Liste daneben sagt dasselbe',
  open: 'Ihre Stationen',
};
export const mapWords = { en, de };
